import type { RegistryFormat } from '../interchange/registry-file.ts';
import type { Builder } from './builder.ts';

export type RegistryFormatRef = ReturnType<typeof addRegistryFormat>;

/** The formats of exports and imports, by what the rest of the code calls them. */
export const addRegistryFormat = (builder: Builder) =>
  builder.enumType('RegistryFormat', {
    description: 'What a file looks like that holds a registry, or a part of one.',
    values: {
      JSON: {
        value: 'json',
        description:
          'Complete: codebases, worktrees and allocations with everything that is known of them, history included. Imported into an empty registry it gives the same one.',
      },
      CSV: { value: 'csv', description: 'A line for each live allocation, for spreadsheets.' },
      MARKDOWN: { value: 'markdown', description: 'A table of the live allocations, for documents. Without metadata.' },
      PORT_KEEPER: { value: 'port-keeper', description: 'What `portman export` of Port Keeper writes. Of one host.' },
      DEVPORTS: {
        value: 'devports',
        description: 'The ports.json of devports. Of one host; exported without ports below 1024.',
      },
      SCAR_SUPERVISION: {
        value: 'scar-supervision',
        description: "SCAR's .agents/supervision/port-allocations.json: a service for each port. Of one host.",
      },
    } as const satisfies Record<string, { value: RegistryFormat; description: string }>,
  });
