import { oneLine } from './plain-text.ts';
import type { Template } from './template.ts';

/** A table of GitHub's Markdown: https://github.github.com/gfm/#tables-extension-. */
export const markdown: Template = {
  filename: 'ports.md',
  render({ services }) {
    const rows = services.map(({ serviceName, port, url, environment }) =>
      row([escapeText(oneLine(serviceName)), String(port), url, environment]),
    );
    return `${[row(['Service', 'Port', 'URL', 'Environment']), '| --- | --- | --- | --- |', ...rows].join('\n')}\n`;
  },
};

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** What begins markup, an HTML tag or the next cell; an underscore only where it stands at a word's edge. */
const escapeText = (text: string) =>
  text.replaceAll(/[\\`*[\]<>|~&]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (mark) => `\\${mark}`);
