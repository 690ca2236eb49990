import { writeSync } from 'node:fs';
import { openStore } from '../../../src/store/open.ts';

/** Run as a child process that will be killed while it migrates. */
const [url = '', migrations = ''] = process.argv.slice(2);
writeSync(1, 'go\n');
const store = await openStore({ url, migrations, now: 1 });
await store.close();
writeSync(1, 'done\n');
