import type { CodegenConfig } from '@graphql-codegen/cli';

/** The documents of the client, typed by the printed schema; reads nothing but files. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'src/client/documents/*.graphql',
  generates: {
    'src/client/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumType: 'const',
        importExtension: '.ts',
        namingConvention: { enumValues: 'keep' },
        scalars: {
          DateTime: 'string',
          EventCursor: 'string',
          ID: 'string',
          JSONObject: 'Record<string, unknown>',
          Port: 'number',
        },
        strictScalars: true,
        useTypeImports: true,
      },
    },
  },
};

export default config;
