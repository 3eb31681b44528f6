import { othersThan, type PlannedService, subjectOf } from './config-plan.ts';
import { heading, type Template } from './template.ts';

const likely = /web|front|client|ui|app|site/i;

/** Paths of Vite's own and of its projects, which are not passed on. */
const ownPaths = new Set(['assets', 'node-modules', 'public', 'src']);

/** `server` and `preview` of Vite, 5 and newer: https://vite.dev/config/server-options. */
export const vite: Template = {
  filename: 'vite.config.ts',
  render(plan) {
    const service = subjectOf(plan, likely);
    const others = othersThan(service, plan);
    return `${[
      `// ${heading}: ${service.port} is ${service.summary}`,
      "import { defineConfig } from 'vite';",
      '',
      'export default defineConfig({',
      '  server: {',
      `    port: ${service.port},`,
      '    strictPort: true,',
      ...(others.length > 0 ? [...allowOrigins(others), ...passOn(others)] : []),
      '  },',
      '  preview: {',
      `    port: ${service.port},`,
      '    strictPort: true,',
      '  },',
      '});',
    ].join('\n')}\n`;
  },
};

function allowOrigins(others: readonly PlannedService[]): string[] {
  const origins = [...new Set(others.map((other) => `'${other.origin}'`))];
  return ['    cors: {', '      origin: [', ...origins.map((each) => `        ${each},`), '      ],', '    },'];
}

/** By whole segments: a service `s` is not to take `/src` away from Vite. */
function passOn(others: readonly PlannedService[]): string[] {
  const lines = others
    .filter(({ slug }) => !ownPaths.has(slug))
    .map(({ slug, url }) => `      '^/${slug}(?:[/?]|$)': '${url}',`);
  return lines.length > 0 ? ['    proxy: {', ...lines, '    },'] : [];
}
