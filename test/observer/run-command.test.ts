import { describe, expect, it } from 'vitest';
import { DetectionFailed } from '../../src/observer/detection-failed.ts';
import { runCommand } from '../../src/observer/run-command.ts';

const run = (script: string) => runCommand(process.execPath, ['-e', script]);

describe('a command of the system', () => {
  it.each([
    { what: 'it wrote', script: 'console.log("n*:8000")', text: 'n*:8000\n' },
    {
      what: 'it wrote before it ended with 1',
      script: 'console.log("n*:8000"); process.exitCode = 1',
      text: 'n*:8000\n',
    },
    { what: 'nothing, where it found nothing', script: 'process.exitCode = 1', text: '' },
  ])('gives what $what', async ({ script, text }) => {
    await expect(run(script)).resolves.toBe(text);
  });

  it.each([
    { when: 'says only what went wrong', script: 'console.error("no such option\\nusage"); process.exitCode = 1' },
    { when: 'ends with another code', script: 'console.log(1); console.error("no such option"); process.exitCode = 2' },
  ])('fails with its reason where it $when', async ({ script }) => {
    const running = run(script);
    await expect(running).rejects.toThrow(DetectionFailed);
    await expect(running).rejects.toThrow(/failed \(no such option\)\. Run it to see why\.$/);
  });

  it('is missed by its name', async () => {
    await expect(runCommand('wharfinger-has-no-such-program', [])).rejects.toThrow(
      'there is no wharfinger-has-no-such-program. Install it',
    );
  });

  it('fails where it writes without end', async () => {
    await expect(run('setInterval(() => console.log("x".repeat(1e6)))')).rejects.toThrow(/writes too much/);
  });
});
