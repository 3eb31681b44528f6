import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { shareServer } from '../support/server.ts';
import { wharfside } from './wharfinger.ts';

const execute = promisify(execFile);

describe('config --write', { timeout: 120_000 }, () => {
  const server = shareServer(embedded);

  /** A linked worktree of a real repository, in which `web` has a port. */
  async function harbour() {
    const { add } = await createRepository();
    const path = await add('cart', { branch: 'feature/cart' });
    const { wharfinger, json } = await wharfside(server(), path);
    const port = (await wharfinger('allocate', 'web')).stdout.trim();
    return { path, port, wharfinger, json, read: (name = '.env.local') => readFile(join(path, name), 'utf8') };
  }

  it('writes into the worktree around the directory, says where, and gives advice on standard error', async () => {
    const { path, port, wharfinger, read } = await harbour();
    await writeFile(join(path, '.env.local'), 'SECRET=hush\nPORT=3000');
    const { code, stdout, stderr } = await wharfinger('config', 'web', '--write');
    expect([code, stdout]).toEqual([0, `${join(path, '.env.local')}\n`]);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^wharfinger: \.env\.local sets PORT above .*: the block's wins\.$/),
      expect.stringMatching(/^wharfinger: \.env\.local is not ignored by git/),
    ]);
    expect(stderr).not.toMatch(/hush|3000/);
    expect(await read()).toMatch(/^SECRET=hush\nPORT=3000\n# >>> wharfinger >>>\n[\s\S]*\n# <<< wharfinger <<<$/);
    expect(await read()).toContain(`\nWEB_PORT=${port}\n`);
  });

  it('writes what a shell reads', async () => {
    const { path, port, wharfinger } = await harbour();
    expect(await wharfinger('config', 'web', '--format', 'shell', '--write')).toMatchObject({ code: 0 });
    const { stdout } = await execute('sh', ['-c', '. ./ports.sh; echo $WEB_PORT'], { cwd: path });
    expect(stdout).toBe(`${port}\n`);
  });

  it('prints what was written as JSON, and null where that was not asked', async () => {
    const { path, json, read } = await harbour();
    const file = { format: 'DOTENV', filename: '.env.local', content: expect.stringContaining('WEB_PORT=') };
    expect(await json('config', 'web')).toEqual({ ...file, written: null });
    expect(await readdir(path)).toEqual(['.git']);
    const written = { path: join(path, '.env.local'), changed: true, notes: [expect.stringContaining('ignored')] };
    expect(await json('config', 'web', '--write')).toEqual({ ...file, written });
    const text = await read();
    expect(await json('config', 'web', '--write')).toEqual({ ...file, written: { ...written, changed: false } });
    expect(await read()).toBe(text);
  });

  it('refuses a file that is somebody else’s', async () => {
    const { path, wharfinger, read } = await harbour();
    await writeFile(join(path, 'vite.config.ts'), 'export default {};\n');
    const { code, stdout, stderr } = await wharfinger('config', 'web', '--format', 'vite', '--write');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^wharfinger: vite\.config\.ts has more in it .* without --write.*\n$/);
    expect(await read('vite.config.ts')).toBe('export default {};\n');
  });

  it('names the scripts for package.json', async () => {
    const { path, port, wharfinger } = await harbour();
    const { code, stderr } = await wharfinger('config', 'web', '--format', 'next', '--write');
    expect([code, stderr]).toEqual([1, expect.stringContaining(`"scripts.dev=next dev -p ${port}"`)]);
    expect(await readdir(path)).toEqual(['.git']);
  });

  it('writes no port that another worktree holds', async () => {
    await harbour();
    const { add } = await createRepository();
    const elsewhere = await wharfside(server(), await add('bay'));
    const { code, stderr } = await elsewhere.wharfinger('config', 'web', '--write');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/No service "web" has a port in \S*\/bay: allocate one first\.$/m),
    ]);
    expect(await readdir(elsewhere.path)).toEqual(['.git']);
  });

  it('writes the development ports, as other commands do, and names the nearest service', async () => {
    const { wharfinger, port, read } = await harbour();
    await wharfinger('allocate', 'web', 'test');
    await wharfinger('allocate', 'checks', 'test');
    expect(await wharfinger('config', 'web', '--write')).toMatchObject({ code: 0 });
    expect(await read()).toMatch(new RegExp(`\nPORT=${port}\nWEB_PORT=${port}\nWEB_URL=.*\n# <<<`));
    expect((await wharfinger('config', 'wep', '--write')).stderr).toContain('The nearest that has one is "web".');
    expect(await wharfinger('config', 'checks', '--write')).toMatchObject({ code: 0 });
    expect(await read()).toMatch(/\nCHECKS_PORT=7\d{3}\n/);
  });

  it('leaves one block and the rest of the file whole when 20 write at once', async () => {
    const { path, wharfinger, read } = await harbour();
    await writeFile(join(path, '.env.local'), 'SECRET=hush\n');
    const exits = await Promise.all(Array.from({ length: 20 }, () => wharfinger('config', 'web', '--write')));
    expect(exits.map(({ code }) => code)).toEqual(exits.map(() => 0));
    const text = await read();
    expect(text).toMatch(/^SECRET=hush\n# >>> wharfinger >>>\n/);
    expect(text.match(/wharfinger >>>|<<< wharfinger/g)).toHaveLength(2);
    expect((await readdir(path)).sort()).toEqual(['.env.local', '.git']);
  });
});
