import type { Alerting } from '../../src/core/alerting.ts';
import { type AlertPolicy, applySignals, planNow } from '../../src/incidents/apply.ts';
import { startDelivery } from '../../src/incidents/deliver.ts';
import { newId } from '../../src/store/id.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import { policyTo } from './store.ts';
import { signal } from './support.ts';

/**
 * Opens and closes incidents and delivers them until it is killed. Each line on stdout is one committed signal; the
 * test holds the store to every one of them. The mode says what else goes on: `plain` tells /one and /two, `moved`
 * tells /three, `reload` changes between the two at every third signal, `silenced` and `maintenance` hold everything,
 * `finish` ends what is open and leaves when nothing is owed.
 */
const [file = '', url = '', mode = 'plain', run = '0'] = process.argv.slice(2);
const store = await openStore({ url: `sqlite:${file}`, now: Date.now() });
const db = repositories(store);
const targets = ['one', 'two', 'three'].map((id) => ({ id, url: `${url}/${id}` }));
const all = policyTo(targets).alerting as Alerting;
const to = (...ids: string[]): AlertPolicy => ({
  alerting: {
    ...all,
    routes: all.routes.filter((route) => ids.includes(route.channel ?? '')),
    maintenance:
      mode === 'maintenance'
        ? [{ match: {}, timeZone: 'UTC', when: { type: 'once', from: '2020-01-01T00:00', to: '2100-01-01T00:00' } }]
        : [],
  },
  dependsOn: new Map(),
});
const plain = to('one', 'two');
const moved = to('three');
let policy = mode === 'moved' ? moved : plain;

const delivery = startDelivery({
  store,
  repositories: db,
  channels: () => all.channels,
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

if (mode === 'silenced') {
  const now = Date.now();
  const silence = {
    id: newId(now),
    matchers: [{ label: 'target', values: ['*'] }],
    comment: 'quiet',
    createdBy: 'ana',
  };
  await store.write((q) => db.silences.add(q, { ...silence, startsAt: now, endsAt: now + 3_600_000, createdAt: now }));
} else {
  for (const { id } of await db.silences.list(Date.now())) {
    await store.write((q) => db.silences.end(q, id, Date.now()));
  }
}
// What a start of the service does: look whether time, or a changed configuration, made something due.
await store.write((q) => planNow(db, q, policy, Date.now()));
process.stdout.write('ready\n');
const open = (await db.incidents.unresolved()).map((incident) => incident.key);
if (mode === 'finish') {
  for (const key of open) await say(key, 'close');
  while ((await db.outbox.depth()).pending > 0) {
    await delivery.idle();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await delivery.stop();
  await store.close();
} else {
  for (let n = 0; ; n += 1) {
    if (mode === 'reload' && n % 3 === 2) policy = policy === plain ? moved : plain;
    const key = `${mode}-${run}-${n}`;
    await say(key, 'open');
    if (n % 3 !== 0) await say(key, 'close');
    // What earlier runs left open ends in this one, whatever is held or routed elsewhere by now.
    const earlier = open.pop();
    if (earlier !== undefined) await say(earlier, 'close');
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}
