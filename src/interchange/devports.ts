import { type InvalidInput, isRefusal } from '../domain/refusals.ts';
import { noteOf, readNote } from './devports-note.ts';
import { guess } from './json.ts';
import { parseJsonFile, toFileRows } from './json-file.ts';
import { type ExportedAllocation, liveOnes, type RegistryContents } from './registry-contents.ts';
import { claimsOnly, type FileRow, malformed, type RegistryFile } from './registry-file.ts';

const expected = `a ports.json of devports, {"allocations": [{"port": 3002, "project": "shop", "service": "api", …}], "reservations": […]}`;

/**
 * Reads `~/.config/devports/ports.json` (https://github.com/bendechrai/devports). A service is called after its
 * project too, since two projects may have one of the same name; a reservation is a claim for "reserved".
 */
export function parseDevports(text: string): RegistryFile | InvalidInput {
  const file = parseJsonFile(text, expected);
  if (isRefusal(file)) return file;
  const isOther = file.values.format !== undefined || !Array.isArray(file.values.allocations);
  if (isOther) return malformed(`It is not ${expected}: ${guess(file.values)}`);
  const allocations = toFileRows(file.rows('allocations') ?? [], allocationFields);
  const reservations = Array.isArray(file.values.reservations) ? (file.rows('reservations') ?? []) : [];
  return claimsOnly([...allocations, ...toFileRows(reservations, reservationFields)]);
}

function allocationFields({
  port,
  project,
  service,
  type,
  note,
}: Readonly<Record<string, unknown>>): FileRow['fields'] {
  const { description, fields } = readNote(note);
  if (fields.serviceName !== undefined) return { port, description, ...fields };
  const serviceName = typeof project === 'string' && typeof service === 'string' ? `${project}-${service}` : service;
  return { port, serviceName, description, metadata: { project, service, type }, ...fields };
}

const reservationFields = ({ port, reason }: Readonly<Record<string, unknown>>): FileRow['fields'] => ({
  port,
  serviceName: 'reserved',
  description: reason,
  metadata: { reserved: true },
});

/** Of one host. Ports below 1024, which devports does not take, are left out; names are made to fit. */
export function writeDevports(contents: RegistryContents): string {
  const taken = new Set<string>();
  const held = liveOnes(contents).filter(({ port }) => port >= 1_024);
  const [reserved, allocated] = [held.filter(isReservation), held.filter((each) => !isReservation(each))];
  const file = {
    allocations: allocated.map((allocation) => toAllocation(allocation, taken)),
    reservations: reserved.map(({ port, serviceName, description, allocatedAt }) => ({
      port,
      reason: description ?? serviceName,
      reservedAt: allocatedAt,
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const isReservation = ({ serviceName, metadata }: ExportedAllocation) =>
  serviceName === 'reserved' && metadata?.reserved === true;

/** The types that devports knows unless it is configured otherwise. */
const types: ReadonlySet<unknown> = new Set(['postgres', 'mysql', 'redis', 'api', 'app', 'custom']);

/** A service that is there twice has its port in its name: devports knows a port by project and service. */
function toAllocation(allocation: ExportedAllocation, taken: Set<string>) {
  const { port, serviceName, metadata, allocatedAt, codebaseName, worktreePath } = allocation;
  const directory = worktreePath?.split(/[/\\]/).at(-1) ?? null;
  const project = toName(textOr(metadata?.project, codebaseName ?? directory ?? 'none'), 50);
  const wanted = toName(textOr(metadata?.service, serviceName), 30);
  const isTaken = taken.has(`${project} ${wanted}`);
  const service = isTaken ? `${wanted.slice(0, 24)}-${port}` : wanted;
  taken.add(`${project} ${service}`);
  const type = [metadata?.type, serviceName].find((each) => types.has(each)) ?? 'custom';
  return { port, project, service, type, allocatedAt, note: noteOf(allocation) };
}

const textOr = (value: unknown, otherwise: string) => (typeof value === 'string' && value !== '' ? value : otherwise);

/** A name as devports takes it. */
function toName(text: string, most: number): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return name.slice(0, most) || 'unnamed';
}
