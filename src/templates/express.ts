import { othersThan, subjectOf } from './config-plan.ts';
import { heading, type Template } from './template.ts';

const likely = /api|server|back|gateway/i;

/** A server for Express 5 that can be run as it is. `.mjs`, so that it is a module in every package. */
export const express: Template = {
  filename: 'server.mjs',
  render(plan) {
    const service = subjectOf(plan, likely);
    const origins = [...new Set(othersThan(service, plan).map((other) => other.origin))];
    return `${[
      `// ${heading}: ${service.port} is ${service.summary}`,
      "import express from 'express';",
      '',
      'const app = express();',
      ...(origins.length > 0 ? allowOrigins(origins) : []),
      '',
      `const server = app.listen(Number(process.env.PORT || ${service.port}), (error) => {`,
      '  if (error) throw error;',
      "  console.log('Listening on port', server.address().port);",
      '});',
    ].join('\n')}\n`;
  },
};

const allowOrigins = (origins: readonly string[]) => [
  '',
  '// Pages of the other services may call this one from a browser.',
  `const origins = (process.env.CORS_ORIGINS || '${origins.join(',')}').split(',');`,
  'app.use((request, response, next) => {',
  '  const { origin } = request.headers;',
  "  response.vary('Origin');",
  '  if (origin && origins.includes(origin)) {',
  "    response.set('Access-Control-Allow-Origin', origin);",
  "    response.set('Access-Control-Allow-Headers', 'authorization, content-type');",
  "    response.set('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');",
  '  }',
  "  const isPreflight = request.method === 'OPTIONS' && request.get('Access-Control-Request-Method');",
  '  if (isPreflight) response.sendStatus(204);',
  '  else next();',
  '});',
];
