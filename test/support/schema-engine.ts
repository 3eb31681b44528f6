import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { DiffTarget } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { PrismaPGlite } from 'pglite-prisma-adapter';

const schemaPath = 'prisma/schema.prisma';

/** Prisma's schema engine as WebAssembly, over an embedded database: no binary to download. */
export async function createSchemaEngine(database: PGlite) {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const require = createRequire(import.meta.url);
  const wasmFile = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/\.js$/, '.wasm');
  const module = new WebAssembly.Module(await readFile(wasmFile));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as (() => void) | undefined)?.();

  const datamodel = await readFile(schemaPath, 'utf8');
  const files = [{ path: schemaPath, content: datamodel }];
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(database) as never);
  const engine = await bindings.SchemaEngine.new({ datamodels: [[schemaPath, datamodel]] }, () => {}, factory);
  const diff = async (from: DiffTarget) => {
    const result = await engine.diff({
      from,
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return result.stdout as string;
  };
  return {
    /** The SQL that creates the whole schema. */
    createAll: () => diff({ tag: 'empty' }),
    /** The SQL that would bring the database to the schema: an empty migration where they agree. */
    drift: () => diff({ tag: 'schemaDatasource', files, configDir: '.' }),
  };
}
