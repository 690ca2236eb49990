#!/usr/bin/env node
import { version } from './version.ts';

// Scripts ask for the version often; it is answered before anything else is loaded.
const [only, ...more] = process.argv.slice(2);
if (more.length === 0 && (only === '--version' || only === '-V')) {
  process.stdout.write(`${version()}\n`);
} else {
  const { main } = await import('./run.ts');
  await main();
}
