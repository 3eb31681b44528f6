import type { Port } from './port.ts';
import type { Codebase } from './registry-model.ts';

/** Every codebase, and which of them configures which port. */
export class Catalog {
  readonly #codebases = new Map<string, Codebase>();
  readonly #configuredBy = new Map<number, Set<string>>();

  /** Adds a codebase, or puts it in the place of the one with its id. */
  put(codebase: Codebase): void {
    const before = this.#codebases.get(codebase.id);
    if (before) {
      for (const port of configuredPorts(before)) this.#configuredBy.get(port)?.delete(codebase.id);
    }
    this.#codebases.set(codebase.id, codebase);
    for (const port of configuredPorts(codebase)) {
      const ids = this.#configuredBy.get(port) ?? new Set();
      this.#configuredBy.set(port, ids.add(codebase.id));
    }
  }

  get(id: string): Codebase | undefined {
    return this.#codebases.get(id);
  }

  /** The one that was registered first, of those that match. */
  find(matches: (codebase: Codebase) => boolean): Codebase | undefined {
    const found = [...this.#codebases.values()].filter(matches);
    const [first] = found.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
    return first;
  }

  /** The codebases that configure a port, but for this one; the one registered first comes first. */
  configuringElsewhere(port: number, codebaseId: string | null): Codebase[] {
    const others = [...(this.#configuredBy.get(port) ?? [])].filter((id) => id !== codebaseId);
    const found = others.flatMap((id) => this.#codebases.get(id) ?? []);
    return found.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  }

  /** Whether a port is kept for other codebases only. */
  isConfiguredElsewhere(port: number, codebaseId: string | null): boolean {
    const ids = this.#configuredBy.get(port);
    if (!ids || ids.size === 0) return false;
    return codebaseId === null || !ids.has(codebaseId);
  }
}

/** The port that a codebase keeps for a service; its primary port is that of the service that bears its name. */
export function configuredPort(codebase: Codebase, serviceName: string): number | null {
  if (Object.hasOwn(codebase.servicePorts, serviceName)) return codebase.servicePorts[serviceName] ?? null;
  return serviceName === codebase.name ? codebase.primaryPort : null;
}

/** Every port that a codebase keeps for itself. */
export function configuredPorts({ primaryPort, servicePorts }: Codebase): Set<Port> {
  const ports = new Set<Port>(Object.values(servicePorts));
  return primaryPort === null ? ports : ports.add(primaryPort);
}
