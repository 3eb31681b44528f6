import { subjectOf } from './config-plan.ts';
import { heading, type Template } from './template.ts';

const likely = /web|front|client|ui|app|site/i;

/** Scripts for package.json: Next.js takes its port from `-p` or `PORT` alone, before it reads any file of the project. */
export const next: Template = {
  filename: 'package.json',
  render(plan) {
    const { port, summary } = subjectOf(plan, likely);
    const fragment = {
      '//': `${heading}: ${port} is ${summary}. Next.js has no port setting in next.config and takes no PORT from .env files, so put these scripts into package.json. -p wins over PORT: where worktrees share the file, keep next dev there, and start it with wharfinger run.`,
      scripts: { dev: `next dev -p ${port}`, start: `next start -p ${port}` },
    };
    return `${JSON.stringify(fragment, null, 2)}\n`;
  },
};
