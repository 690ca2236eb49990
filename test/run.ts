import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureOldNodes } from './support/old-nodes.ts';
import { ensurePackages } from './support/packages.ts';

/**
 * `npm test [-- vitest arguments]`: installs what the tests with real servers need (as root on Debian and Ubuntu),
 * builds the program that some tests run, and runs them all. The last line counts what passed, failed and was skipped.
 */
const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

function run(command: string, args: string[]): number {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

await ensurePackages();
ensureOldNodes();
const built = existsSync(join(root, 'dist/src/cli/main.js')) && process.env.SKIP_BUILD === '1';
const status = built ? 0 : run('npm', ['run', '--silent', 'build']);
process.exit(status || run(bin('vitest'), ['run', ...process.argv.slice(2)]));
