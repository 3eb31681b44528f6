import type { Database, Sql } from '../../src/storage/database.ts';

/** How the database would answer what is asked meanwhile; nothing of it is done. */
export async function plansOf(database: Database, ask: (sql: Sql) => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  await ask({
    ...database,
    async query(text, values) {
      const plan = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
      lines.push(...plan.map((row) => row['QUERY PLAN']));
      return [];
    },
  });
  return lines.join('\n');
}
