import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChannelConfig } from '../../src/core/alerting.ts';
import { type AlertPolicy, applySignals, planNow } from '../../src/incidents/apply.ts';
import { type Delivery, startDelivery } from '../../src/incidents/deliver.ts';
import { startReceiver } from './receiver.ts';
import { freshStore, policyTo } from './store.ts';
import { NOON, signal } from './support.ts';

const HOUR = 3_600_000;
let ground: Awaited<ReturnType<typeof freshStore>>;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  ground = await freshStore();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await ground.close();
});

function deliver(policy: AlertPolicy, now: () => number, channels = () => policy.alerting?.channels ?? []): Delivery {
  const delivery = startDelivery({ store: ground.store, repositories: ground.db, channels, now });
  closing.push(delivery.stop);
  return delivery;
}
const apply = (policy: AlertPolicy, now: number, change: Parameters<typeof signal>[0] = {}) =>
  ground.store.write((q) => applySignals(ground.db, q, [signal({ at: now, ...change })], policy, now));

it('tells a receiver that was down for six hours, in order and under the first id, and waits between', async () => {
  let down = true;
  const receiver = await startReceiver(() => (down ? 503 : 200));
  closing.push(receiver.close);
  const policy = policyTo([{ id: 'hook', url: receiver.url }]);
  let now = NOON;
  const delivery = deliver(policy, () => now);
  await apply(policy, now);
  await apply(policy, now + 1_000, { kind: 'close' });
  for (; now < NOON + 6 * HOUR; now += 60_000) {
    delivery.wake();
    await delivery.idle();
  }
  // Five minutes at most lie between two attempts, and half of that at least when they have grown.
  expect(receiver.all.length).toBeGreaterThan(6 * 12);
  expect(receiver.all.length).toBeLessThan(6 * 30);
  expect(new Set(receiver.all.map((one) => one.id)).size).toBe(1);
  down = false;
  now += 300_000;
  delivery.wake();
  await receiver.until((one) => one.taken().length === 2);
  expect(receiver.taken().map((one) => one.notification.type)).toEqual(['incident.opened', 'incident.resolved']);
});

/** A server that answers each request as it is told to. */
async function answering(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const outcomeOf = async (channel: ChannelConfig) => {
  const policy = policyTo([{ id: channel.id, url: 'http://127.0.0.1:9/' }]);
  const delivery = deliver(
    policy,
    () => NOON,
    () => [channel],
  );
  await apply(policy, NOON);
  delivery.wake();
  await delivery.idle();
  const [message] = (await ground.db.outbox.page({ limit: 1 })).items;
  return { state: message?.state, error: message?.lastError };
};

it('does not take 200 for a yes where the service says no in its body', async () => {
  const url = await answering((response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"ok":false,"error":"channel_not_found"}');
  });
  const slack = { id: 'team', kind: 'slack', settings: { token: 'xoxb-1', channel: '#ops', url } };
  expect(await outcomeOf(slack)).toEqual({ state: 'gave-up', error: expect.stringContaining('channel_not_found') });
});

it('takes 200 of a webhook for delivered, though the body says something else or breaks off', async () => {
  const url = await answering((response) => {
    response.writeHead(200, { 'Content-Length': '1000' }).write('{"error":');
    response.socket?.end();
  });
  expect(await outcomeOf({ id: 'hook', kind: 'webhook', settings: { url } })).toEqual({ state: 'sent', error: null });
});

it('sends each message once where two processes deliver from one store', async () => {
  const receiver = await startReceiver(() => 200);
  closing.push(receiver.close);
  const policy = policyTo([{ id: 'hook', url: receiver.url }]);
  const both = [deliver(policy, () => NOON), deliver(policy, () => NOON)];
  for (let n = 0; n < 40; n += 1) await apply(policy, NOON, { key: `k${n}`, labels: { target: `t${n}` } });
  for (const one of both) one.wake();
  await receiver.until((one) => one.taken().length >= 40);
  await Promise.all(both.map((one) => one.idle()));
  expect(receiver.all).toHaveLength(40);
  expect(new Set(receiver.all.map((one) => one.id)).size).toBe(40);
});

it('says who is gone after a reload, and tells the others of the policy', async () => {
  const policy = policyTo([{ id: 'hook', url: 'http://127.0.0.1:9/' }]);
  if (!policy.alerting) throw new Error('no alerting');
  const reloaded: AlertPolicy = {
    ...policy,
    alerting: {
      ...policy.alerting,
      people: [{ id: 'ben', name: 'Ben', timeZone: null, channels: ['hook'] }],
      schedules: [
        {
          id: 'primary',
          timeZone: 'UTC',
          overrides: [],
          layers: [
            {
              people: ['ana'],
              rotate: 'daily',
              handoff: { weekday: null, hour: 0, minute: 0 },
              from: '2026-01-01',
              restrict: null,
            },
          ],
        },
      ],
      escalations: [
        {
          id: 'night',
          steps: [
            { afterMs: 0, notify: [{ type: 'schedule', id: 'primary' }] },
            { afterMs: 300_000, notify: [{ type: 'person', id: 'ben' }] },
          ],
          repeat: 0,
        },
      ],
      routes: policy.alerting.routes.map((route) => ({ ...route, channel: null, escalation: 'night' })),
    },
  };
  await ground.store.write((q) => applySignals(ground.db, q, [signal()], { ...policy, alerting: null }, NOON));
  // Ana is on call and was deleted: the step that reaches nobody is passed over at once, and Ben hears of it.
  const applied = await ground.store.write((q) => planNow(ground.db, q, reloaded, NOON));
  expect(applied.owed).toBe(1);
  const [message] = (await ground.db.outbox.page({ limit: 1 })).items;
  expect([message?.channel, message?.notification.type]).toEqual(['hook', 'incident.opened']);
});
