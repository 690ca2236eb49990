#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { version } from './version.ts';

/** Made by the build, for hooks. In development there is none. */
const BUNDLE = new URL('./staged-bundle.js', import.meta.url);

// Scripts ask for the version often; it is answered before anything else is loaded.
const [first, ...more] = process.argv.slice(2);
if (more.length === 0 && (first === '--version' || first === '-V')) {
  process.stdout.write(`${version()}\n`);
} else {
  const bundled = first === 'audit' && more.includes('--staged') && existsSync(BUNDLE);
  const { main }: typeof import('./run.ts') = bundled ? await import(BUNDLE.href) : await import('./run.ts');
  await main();
}
