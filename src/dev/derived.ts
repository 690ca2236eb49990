import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKS } from '../../checks/index.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { catalogPage } from './catalog-page.ts';
import { openApiFile } from './openapi-file.ts';

/**
 * Every file that is derived from the code, by its path from the root of the repository, with what must stand in it.
 * `npm run derive` writes them; a test fails while one is stale.
 */
export async function derivedFiles(): Promise<ReadonlyMap<string, string>> {
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
  return new Map([
    ['checks/CATALOG.md', catalogPage(CHECKS)],
    ['docs/config.schema.json', `${JSON.stringify(configJsonSchema(CHECKS), null, 2)}\n`],
    ['docs/openapi.json', openApiFile({ version, checks: CHECKS })],
  ]);
}
