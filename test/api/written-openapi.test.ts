import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fakeApi } from './fake-ports.ts';

it('the document in docs/ is the one that the service answers with', async () => {
  const { call } = fakeApi();
  const served = JSON.parse(await (await call('viewer', 'GET', '/api/openapi.json')).text());
  const written = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
  served.info.version = written.info.version;
  expect(written).toEqual(served);
});
