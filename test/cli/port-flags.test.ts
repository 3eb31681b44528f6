import { describe, expect, it } from 'vitest';
import { withPortFlags } from '../../src/cli/port-flags.ts';

const scripts = new Map(
  Object.entries({
    dev: 'vite',
    typed: 'tsc --noEmit && NODE_ENV=development vite --host',
    cross: 'cross-env NODE_ENV=development npx vite dev',
    build: 'vite build',
    first: 'vite & node server.js',
    fixed: 'vite --port 3000',
    start: 'ng serve',
    next: 'next dev',
    astro: 'astro dev',
    serve: 'npm run dev',
    all: 'pnpm dev',
    round: 'npm run round',
  }),
);
const strict = ['--port', '8001', '--strictPort'];
const loose = ['--port', '8001'];

describe('a command whose server does not read PORT', () => {
  it.each<[string, readonly string[]]>([
    ['vite', strict],
    ['vite dev --host', strict],
    ['./node_modules/.bin/vite preview', strict],
    ['npx vite', strict],
    ['react-router dev', strict],
    ['vite --host 0.0.0.0', strict],
    ['astro dev', loose],
    ['npm run dev', ['--', ...strict]],
    ['npm run dev -- --host', strict],
    ['npm run-script typed', ['--', ...strict]],
    ['npm run cross', ['--', ...strict]],
    ['npm start', ['--', ...loose]],
    ['pnpm dev', strict],
    ['pnpm run astro', loose],
    ['yarn dev', strict],
    ['bun run dev', strict],
    ['npm run serve', ['--', '--', ...strict]],
    ['npm run all', ['--', ...strict]],
    ['pnpm serve', ['--', ...strict]],
    ['npm exec vite', ['--', ...strict]],
    ['npm exec -- vite --host', strict],
    ['pnpm exec vite', strict],
    ['pnpm dlx vite preview', strict],
    ['yarn exec vite', strict],
    ['env A=1 npm run dev', ['--', ...strict]],
    ['cross-env A=1 vite', strict],
  ])('%s is given its port by flags', (line, added) => {
    const command = line.split(' ');
    expect(withPortFlags(command, 8001, scripts)?.command).toEqual([...command, ...added]);
  });

  it('is named, with its flags', () => {
    expect(withPortFlags(['npm', 'run', 'dev'], 8001, scripts)).toMatchObject({ server: 'vite', flags: strict });
  });
});

it.each([
  'next dev',
  'npm run next',
  'node server.js',
  'vite build',
  'npm run build',
  'npm run first',
  'npm run fixed',
  'npm run dev -- --port 3000',
  'vite --port=3000',
  'astro build',
  'npm run',
  'npm run nothing',
  'npm run round',
  'npm --prefix web run dev',
  'npm run dev -w web',
  'npm -w web run dev',
  'pnpm --filter web dev',
  'pnpm -C web dev',
  'yarn workspace web dev',
  'env -i vite',
  'npm exec',
  'npm install',
  'npm run constructor',
  'constructor',
  'sh -c vite',
  '',
])('%j stays as it is', (line) => {
  expect(withPortFlags(line.split(' '), 8001, scripts)).toBeNull();
});
