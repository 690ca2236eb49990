import { CHECKS } from '../../checks/index.ts';
import { catalogPage } from './catalog-page.ts';

/**
 * Every file that is derived from the code, by its path from the root of the repository, with what must stand in it.
 * `npm run derive` writes them; a test fails while one is stale.
 */
export async function derivedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([['checks/CATALOG.md', catalogPage(CHECKS)]]);
}
