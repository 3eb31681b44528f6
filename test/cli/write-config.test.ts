import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, realpath, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { writeConfig } from '../../src/cli/write-config.ts';
import { createRepository } from '../support/git-repository.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const execute = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const config = (port = 8001) => ({ format: 'DOTENV', filename: '.env.local', content: `PORT=${port}\n` }) as const;
const portIn = /^# >>> wharfinger >>>\n# Written by .*\nPORT=8001\n# <<< wharfinger <<<\n$/m;

/** A worktree's directory with a file in it, outside git. */
async function place(content?: string, mode = 0o644) {
  const path = await realpath(await temporaryDirectory());
  const file = join(path, '.env.local');
  if (content !== undefined) await writeFile(file, content);
  if (content !== undefined) await chmod(file, mode);
  return { path, file, read: () => readFile(file, 'utf8') };
}

describe('writing configuration', () => {
  it('makes the file', async () => {
    const { path, file, read } = await place();
    expect(await writeConfig(path, config())).toEqual({ path: file, changed: true, notes: [] });
    expect(await read()).toMatch(portIn);
  });

  it('keeps what the file has, and its permissions', async () => {
    const { path, file, read } = await place('SECRET=1\n', 0o640);
    await writeConfig(path, config());
    expect(await read()).toMatch(/^SECRET=1\n# >>>/);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(path)).toEqual(['.env.local']);
  });

  it('does not touch a file that has it already', async () => {
    const { path, file } = await place('A=1');
    await writeConfig(path, config());
    const before = await stat(file);
    expect(await writeConfig(path, config())).toEqual({ path: file, changed: false, notes: [] });
    const { ino, mtimeMs } = await stat(file);
    expect({ ino, mtimeMs }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it('shows a reader the old file or the new one, never a part', async () => {
    const { path, read } = await place(`${'A=1\n'.repeat(50_000)}`);
    let isOver = false;
    const texts: string[] = [];
    const reading = (async () => {
      while (!isOver) texts.push(await read()); // one after the other
    })();
    for (const port of [8001, 8002, 8003, 8004]) await writeConfig(path, config(port)); // one after the other
    isOver = true;
    await reading;
    for (const text of texts) expect(text).toMatch(/A=1\n$|<<< wharfinger <<<\n$/);
    expect(texts.length).toBeGreaterThan(0);
  });

  it('leaves one block when many write at once', async () => {
    const { path, read } = await place('A=1\n');
    await Promise.all(Array.from({ length: 20 }, () => writeConfig(path, config())));
    expect(await read()).toMatch(/^A=1\n# >>> .*\n.*\n.*\n# <<< wharfinger <<<\n$/);
    expect(await readdir(path)).toEqual(['.env.local']);
  });

  it('leaves the file whole when the process is killed, and nothing that git would add', async () => {
    const mine = 'A=1\n'.repeat(50_000);
    const { path, read } = await place(mine);
    await execute('git', ['init', '--quiet', path]);
    await writeFile(join(path, '.git/info/exclude'), '/.env.local\n');
    const script = `import { writeConfig } from ${JSON.stringify(join(root, 'src/cli/write-config.ts'))};
      for (let port = 1000; ; port++) {
        await writeConfig(${JSON.stringify(path)}, { format: 'DOTENV', filename: '.env.local', content: 'PORT=' + port });
        console.log(port);
      }`;
    for (const writes of [1, 2, 5]) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: root });
      const exited = once(child, 'exit');
      let seen = 0;
      for await (const _port of createInterface({ input: child.stdout })) if (++seen === writes) child.kill('SIGKILL');
      await exited; // one after the other
      const text = await read();
      expect(text.slice(0, mine.length)).toBe(mine);
      expect(text.slice(mine.length)).toMatch(/^# >>> .*\n# Written .*\nPORT=\d{4}\n# <<< wharfinger <<<\n$/);
    }
    expect((await readdir(path)).length).toBeLessThanOrEqual(5);
    expect((await execute('git', ['-C', path, 'status', '--porcelain'])).stdout).toBe('');
    await writeConfig(path, config());
    expect(await read()).toMatch(portIn);
  });

  it('is not confused by what a killed process left', async () => {
    const { path, read } = await place('A=1\n');
    const [old, fresh] = [join(path, '.wharfinger-OLD123'), join(path, '.wharfinger-new123')];
    for (const directory of [old, fresh]) await mkdir(directory);
    await writeFile(join(old, '.env.local'), 'half');
    await utimes(old, 0, 0);
    await writeConfig(path, config());
    expect(await read()).toMatch(portIn);
    expect(await readdir(path)).toEqual(['.env.local', '.wharfinger-new123']); // which somebody may be writing
  });
});

describe('a link', () => {
  it('is followed and stays where it leads to a file of the worktree', async () => {
    const { path, file } = await place();
    await mkdir(join(path, 'conf'));
    await writeFile(join(path, 'conf/env'), 'A=1\n');
    await symlink('conf/env', file);
    expect(await writeConfig(path, config())).toMatchObject({ path: join(path, 'conf/env'), changed: true });
    expect(await readFile(join(path, 'conf/env'), 'utf8')).toMatch(/^A=1\n# >>>/);
    expect(
      (await readdir(path, { withFileTypes: true })).find(({ name }) => name === '.env.local')?.isSymbolicLink(),
    ).toBe(true);
  });

  it.each([
    ['a file outside', 'env', 'leads out of'],
    ['nothing', 'nowhere', 'to something that is not there'],
    ['a directory', '.', 'leads out of'],
  ])('to %s is refused', async (_what, target, message) => {
    const [{ path, file }, outside] = [await place(), await temporaryDirectory()];
    await writeFile(join(outside, 'env'), 'A=1\n');
    await symlink(join(outside, target), file);
    await expect(writeConfig(path, config())).rejects.toThrow(message);
    expect(await readFile(join(outside, 'env'), 'utf8')).toBe('A=1\n');
    expect(await readdir(outside)).toEqual(['env']);
  });

  it('on the way that leads outside is refused', async () => {
    const [{ path }, outside] = [await place(), await temporaryDirectory()];
    await symlink(outside, join(path, 'conf'));
    await expect(writeConfig(path, { ...config(), filename: 'conf/.env' })).rejects.toThrow('leads out of');
    expect(await readdir(outside)).toEqual([]);
  });

  it('to the worktree itself is no obstacle', async () => {
    const { path, file } = await place();
    const link = join(await temporaryDirectory(), 'shop');
    await symlink(path, link);
    expect(await writeConfig(link, config())).toMatchObject({ path: file, changed: true });
  });
});

describe('what is refused', () => {
  it.each(['../.env', '/tmp/.env', '.', '..', 'conf/../../.env'])('a name that leads out: %s', async (filename) => {
    const { path } = await place();
    await expect(writeConfig(path, { ...config(), filename })).rejects.toThrow(/leads out of|is in no directory/);
  });

  it.each(['.git/config', '.GIT/hooks', '.git'])('a file of the repository: %s', async (filename) => {
    const { path } = await createRepository();
    await mkdir(join(path, '.GIT'), { recursive: true });
    await expect(writeConfig(path, { ...config(), filename })).rejects.toThrow('only git writes');
  });

  it('a directory in its place', async () => {
    const { path, file } = await place();
    await mkdir(file);
    await expect(writeConfig(path, config())).rejects.toThrow('.env.local is a directory: move it');
  });

  it.skipIf(process.getuid?.() === 0)('a file that may not be written', async () => {
    const { path, read } = await place('A=1\n', 0o444);
    await expect(writeConfig(path, config())).rejects.toThrow('.env.local cannot be written: you may not');
    expect(await read()).toBe('A=1\n');
  });

  it.skipIf(process.getuid?.() === 0)('a directory that may not be written into, which is named', async () => {
    const { path } = await place();
    await chmod(path, 0o555);
    const refusal = `.env.local cannot be written: you may not write into ${path} (EACCES); change its permissions.`;
    await expect(writeConfig(path, config()).finally(() => chmod(path, 0o755))).rejects.toThrow(refusal);
  });

  it('a pipe in its place, without waiting for who writes to it', async () => {
    const { path, file } = await place();
    await execute('mkfifo', [file]);
    await expect(writeConfig(path, config())).rejects.toThrow('.env.local is no file: move it');
  });

  it('a file whose block cannot be told', async () => {
    const { path, read } = await place('A=1\n# >>> wharfinger >>>\nSECRET=1\n');
    const refusal = expect(writeConfig(path, config())).rejects;
    await refusal.toThrow(
      ".env.local has a block of Wharfinger's with one beginning and no ends (line 2): leave one pair",
    );
    expect(await read()).toBe('A=1\n# >>> wharfinger >>>\nSECRET=1\n');
  });

  it.each([
    ['VITE', 'vite.config.ts', 'vite.config.mjs'],
    ['DOCKER_COMPOSE', 'compose.override.yaml', 'docker-compose.override.yml'],
  ] as const)('%s where another file is read instead', async (format, filename, rival) => {
    const { path } = await place();
    await writeFile(join(path, rival), '');
    await expect(writeConfig(path, { format, filename, content: '// 8001\n' })).rejects.toThrow(
      `${rival} is there already`,
    );
    expect(await readdir(path)).toEqual([rival]);
  });
});

describe('in a git worktree', () => {
  it('says so where git tracks the file', async () => {
    const { path, git } = await createRepository();
    await writeFile(join(path, '.env.local'), 'A=1\n');
    await git('add', '.env.local');
    const { notes } = await writeConfig(path, config());
    expect(notes).toEqual([expect.stringContaining('.env.local is tracked by git')]);
  });

  it('says so where git does not ignore the file, also when nothing changed', async () => {
    const { add } = await createRepository();
    const path = await add('cart', { branch: 'feature/cart' });
    const advice = [expect.stringMatching(/^\.env\.local is not ignored by git.*: add it to \.gitignore\.$/)];
    expect(await writeConfig(path, config())).toMatchObject({ changed: true, notes: advice });
    expect(await writeConfig(path, config())).toMatchObject({ changed: false, notes: advice });
  });

  it('says nothing where git ignores the file', async () => {
    const { path } = await createRepository();
    await writeFile(join(path, '.gitignore'), '.env*.local\n');
    expect((await writeConfig(path, config())).notes).toEqual([]);
  });
});
