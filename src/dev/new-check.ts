import { join } from 'node:path';
import { AppError } from '../core/error.ts';
import { scaffoldCheck } from './scaffold.ts';

/** `npm run new:check -- category.noun` */
try {
  const path = await scaffoldCheck(join(import.meta.dirname, '../..'), process.argv[2] ?? '');
  console.log(`wrote ${path} and its line in checks/index.ts; next: write it, then npm run derive`);
} catch (thrown) {
  if (!(thrown instanceof AppError)) throw thrown;
  console.error(`${thrown.message}: ${thrown.hint}`);
  process.exitCode = thrown.exit;
}
