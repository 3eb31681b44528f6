import { describe, expect, it } from 'vitest';
import { ConfigFormat, RegistryError } from '../../src/client/client.ts';
import { embedded } from '../support/databases.ts';
import { startServer } from '../support/server.ts';
import { granted, openClient } from './registry-client.ts';

const where = { worktreePath: '/wt/shop' };

describe('configuration', () => {
  it('is rendered for a worktree, and refused where it has no ports', async () => {
    const { url } = await startServer({ database: await embedded.open() });
    const client = openClient({ url });
    const asked = client.portConfig({ where, format: ConfigFormat.DOTENV });
    await expect(asked).rejects.toMatchObject({ constructor: RegistryError, code: 'NOT_FOUND' });

    granted(await client.allocatePorts({ services: [{ serviceName: 'web' }, { serviceName: 'api' }], owner: where }));
    expect(await client.portConfig({ where, format: ConfigFormat.DOTENV, service: 'api' })).toMatchObject({
      format: 'DOTENV',
      filename: '.env.local',
      content: expect.stringContaining('\nPORT=8001\n'),
    });
    const template = `\${url.api} and \${port."web"}`;
    expect(await client.renderTemplate({ where, template })).toBe('http://localhost:8001 and 8000');
    const unknown = client.renderTemplate({ where, template: `\${port.db}` });
    await expect(unknown).rejects.toMatchObject({ constructor: RegistryError, code: 'INVALID_INPUT' });
  });
});
