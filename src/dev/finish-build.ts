import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Last step of the build: makes the program executable and links it where `npx seaworthy` looks first, because npm links
 * the programs of dependencies only, not the package's own.
 */
const root = join(import.meta.dirname, '../../..');
const program = join(root, 'dist/src/cli/main.js');
const bin = join(root, 'node_modules/.bin');
chmodSync(program, 0o755);
mkdirSync(bin, { recursive: true });
rmSync(join(bin, 'seaworthy'), { force: true });
symlinkSync('../../dist/src/cli/main.js', join(bin, 'seaworthy'));
