import { applySignals } from '../../src/incidents/apply.ts';
import { startDelivery } from '../../src/incidents/deliver.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import { policyTo } from './store.ts';
import { signal } from './support.ts';

/**
 * Opens and closes incidents and delivers them until it is killed. Each line on stdout is one committed signal; the
 * test holds the store to every one of them.
 */
const [file = '', url = '', mode = 'churn'] = process.argv.slice(2);
const store = await openStore({ url: `sqlite:${file}`, now: Date.now() });
const db = repositories(store);
const policy = policyTo([
  { id: 'one', url: `${url}/one` },
  { id: 'two', url: `${url}/two` },
]);
const delivery = startDelivery({
  store,
  repositories: db,
  channels: () => policy.alerting?.channels ?? [],
  now: Date.now,
  retry: { baseMs: 5, maxMs: 40, giveUpAfterMs: 3_600_000 },
  leaseMs: 300,
});

async function say(key: string, kind: 'open' | 'close'): Promise<void> {
  const now = Date.now();
  const one = signal({ key, kind, at: now, labels: { target: key } });
  await store.write((q) => applySignals(db, q, [one], policy, now));
  process.stdout.write(`${kind} ${key}\n`);
  delivery.wake();
}

process.stdout.write('ready\n');
if (mode === 'churn') {
  for (let n = 0; ; n += 1) {
    const key = `${process.pid}-${n}`;
    await say(key, 'open');
    if (n % 3 !== 0) await say(key, 'close');
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}
for (const incident of await db.incidents.unresolved()) await say(incident.key, 'close');
while ((await db.outbox.depth()).pending > 0) {
  await delivery.idle();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await delivery.stop();
await store.close();
