import { defineConfig } from 'prisma/config';

/** Only `prisma generate` and `prisma migrate` read this; the server has its own configuration. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.WHARFINGER_DATABASE_URL ?? 'postgresql://localhost/wharfinger?schema=wharfinger' },
});
