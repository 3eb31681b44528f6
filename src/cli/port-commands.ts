import type { Command as Program } from 'commander';
import { allocate } from '../commands/allocate.ts';
import { check } from '../commands/check.ts';
import { ownerOf } from '../commands/describe.ts';
import type { FreePorts } from '../commands/free-ports.ts';
import { list } from '../commands/list.ts';
import { register } from '../commands/register.ts';
import { release } from '../commands/release.ts';
import { transfer } from '../commands/transfer.ts';
import { allocationColumns, allocationLine, noteWarnings } from './allocation-table.ts';
import type { Output } from './output.ts';
import { addShared, type Granted } from './shared-command.ts';

type Claimed = Granted<Awaited<ReturnType<typeof register.run>>>;

/** The port alone for programs, so that `PORT=$(wharfinger allocate web)` works. */
function showClaim({ allocation, created, warnings }: Claimed, output: Output): void {
  if (output.isTerminal) output.line(`${allocationLine(allocation, output)}${created ? '' : ' (held before)'}`);
  else output.line(String(allocation.port));
  noteWarnings(warnings, output);
}

export function addAllocate(program: Program): void {
  addShared(program, allocate, {
    show(result, output) {
      showClaim(result, output);
      const { notGiven } = result;
      if (notGiven) output.note(`wharfinger: not ${notGiven.port}: ${notGiven.explanation}`);
    },
  });
}

export function addRegister(program: Program): void {
  addShared(program, register, { show: showClaim });
}

export function addList(program: Program): void {
  addShared(program, list, {
    show({ allocations, totalCount, free }, output) {
      if (allocations.length > 0 || !output.isTerminal) {
        output.table(allocationColumns(allocations, output), allocations);
      } else output.line('No port matches.');
      if (totalCount > allocations.length) {
        output.note(`wharfinger: these are ${allocations.length} of ${totalCount}: narrow it, see --help.`);
      }
      if (free && output.isTerminal) showFree(free, output);
    },
  });
}

function showFree({ range, ports, configured }: FreePorts, output: Output): void {
  const free = ports.length > 0 ? `Free for new services: ${ports.join(', ')}.` : 'None is free.';
  output.line('');
  output.line(`Range ${range.start}-${range.end}: ${range.used} of ${range.size} held. ${free}`);
  for (const { port, service, codebase } of configured) {
    output.line(`${port} is configured for ${service} of ${codebase}, and held by nobody.`);
  }
}

export function addRelease(program: Program): void {
  addShared(program, release, {
    show({ allocation, warnings }, output) {
      const { port, serviceName } = allocation;
      output.line(`Port ${port} is released. It was ${serviceName} of ${ownerOf(allocation)}.`);
      noteWarnings(warnings, output);
    },
  });
}

export function addCheck(program: Program): void {
  addShared(program, check, {
    show({ available, isOwn, explanation }, output) {
      const [style, verdict] = isOwn
        ? (['green', 'yours'] as const)
        : available
          ? (['green', 'available'] as const)
          : (['yellow', 'not available'] as const);
      output.line(`${output.paint(style, verdict)}: ${explanation}`);
    },
  });
}

export function addTransfer(program: Program): void {
  addShared(program, transfer, {
    show({ allocations, changed }, output) {
      for (const allocation of allocations) {
        const { port, conversationId } = allocation;
        const forWhom = conversationId ? `, for the conversation ${conversationId}` : '';
        output.line(`Port ${port} ${changed ? 'now belongs' : 'belongs already'} to ${ownerOf(allocation)}${forWhom}.`);
      }
    },
  });
}
