import { type PGlite, protocol, parse as results } from '@electric-sql/pglite';

const { parse, bind, describe, execute, sync } = protocol.serialize;

interface Statement {
  readonly name: string;
  /** The types of its parameters. */
  readonly types: readonly number[];
}

/**
 * Statements that PGlite keeps parsed and planned. Its own `query` does both each time, and in six messages, which
 * for a small statement is more than half of the work.
 */
export class PreparedStatements {
  readonly #pglite: PGlite;
  readonly #known = new Map<string, Statement>();

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  /** Only for whoever has a transaction open: it does not wait for those of others to end. */
  query<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#pglite.runExclusive(async () => {
      const { name, types } = this.#known.get(text) ?? (await this.#prepare(text));
      const messages = await this.#send(
        bind({ statement: name, values: values.map((value, index) => this.#serialize(value, types[index])) }),
        describe({ type: 'P' }),
        execute({}),
      );
      const [result] = results.parseResults(messages, this.#pglite.parsers);
      return (result?.rows ?? []) as Row[]; // the statement's author names its columns
    });
  }

  async #prepare(text: string): Promise<Statement> {
    const name = `statement ${this.#known.size}`;
    const messages = await this.#send(parse({ name, text }), describe({ type: 'S', name }));
    const statement = { name, types: results.parseDescribeStatementResults(messages) };
    this.#known.set(text, statement);
    return statement;
  }

  #serialize(value: unknown, type: number | undefined): string | null {
    if (value === null || value === undefined) return null;
    return this.#pglite.serializers[type ?? 0]?.(value) ?? String(value);
  }

  /** What follows an error is left out up to the sync, which is why that is sent along. */
  #send(...messages: readonly Uint8Array[]) {
    return this.#pglite.execProtocolStream(Buffer.concat([...messages, sync()]), { syncToFs: false });
  }
}
