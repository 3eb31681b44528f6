import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderConfig } from '../../src/templates/render-config.ts';
import { service } from './services.ts';

const placeholder = service('shop-cart', 8000, { isPlaceholder: true, isPrimary: true });
const [web, api] = [service('web', 8001), service('api', 8002)];
const compose = (...services: Parameters<typeof renderConfig>[0]) => renderConfig(services, 'DOCKER_COMPOSE', null);

it.each([
  ['none of several', [placeholder, web, api], ['api', 'web']],
  ['none beside one', [placeholder, web], ['web']],
  ['the only one', [placeholder], ['shop-cart']],
])('a file for Compose has, of what no compose.yaml has: %s', (_which, services, names) => {
  expect(Object.keys(parse(compose(...services).content).services)).toEqual(names);
});

it('a file for Compose says how Compose finds the ports of another worktree', () => {
  const comments = compose(web, api)
    .content.split('\n')
    .filter((line) => line.startsWith('#'));
  expect(comments.join('\n')).toMatch(
    /must be those of compose\.yaml.*API_PORT.*docker compose --env-file \.env\.local up/s,
  );
});
