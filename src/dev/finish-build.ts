import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleStaged } from './bundle-staged.ts';

/**
 * Last step of the build: makes the program executable, makes one file of what a hook loads, and links the
 * program where `npx seaworthy` looks first, because npm links
 * the programs of dependencies only, not the package's own.
 */
const root = join(import.meta.dirname, '../../..');
const program = join(root, 'dist/src/cli/main.js');
const bin = join(root, 'node_modules/.bin');
chmodSync(program, 0o755);
mkdirSync(bin, { recursive: true });
rmSync(join(bin, 'seaworthy'), { force: true });
symlinkSync('../../dist/src/cli/main.js', join(bin, 'seaworthy'));
await bundleStaged(dirname(program));
