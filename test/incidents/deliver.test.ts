import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertPolicy, applySignals } from '../../src/incidents/apply.ts';
import { backOffMs, STANDARD_RETRY } from '../../src/incidents/back-off.ts';
import { type Delivery, type DeliveryParts, startDelivery } from '../../src/incidents/deliver.ts';
import { httpOf } from '../channels/support.ts';
import { type Answer, type Received, type Receiver, startReceiver } from './receiver.ts';
import { freshStore, policyTo } from './store.ts';
import { signal } from './support.ts';

let ground: Awaited<ReturnType<typeof freshStore>>;
const closing: (() => Promise<void>)[] = [];
const running: Delivery[] = [];
beforeEach(async () => {
  ground = await freshStore();
});
afterEach(async () => {
  running.splice(0);
  for (const close of closing.splice(0).reverse()) await close();
  await ground.close();
});

const quick = { baseMs: 2, maxMs: 4, giveUpAfterMs: 60_000 };

async function receive(answer: (request: Omit<Received, 'status'>, before: number) => Answer): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  closing.push(receiver.close);
  return receiver;
}

function deliver(policy: AlertPolicy, more: Partial<DeliveryParts> = {}): Delivery {
  const delivery = startDelivery({
    store: ground.store,
    repositories: ground.db,
    channels: () => policy.alerting?.channels ?? [],
    now: Date.now,
    retry: quick,
    ...more,
  });
  closing.push(delivery.stop);
  running.push(delivery);
  return delivery;
}

async function apply(policy: AlertPolicy, ...list: Parameters<typeof signal>[0][]): Promise<void> {
  const now = Date.now();
  const signals = list.map((one) => signal({ at: now, ...one }));
  await ground.store.write((q) => applySignals(ground.db, q, signals, policy, now));
  for (const one of running) one.wake();
}
const timeline = async () => {
  const [incident] = (await ground.db.incidents.page({ limit: 1 })).items;
  return (await ground.db.incidents.timeline(incident?.id ?? '')).map((entry) => `${entry.type}: ${entry.text}`);
};

describe('delivery', () => {
  it('sends the alert, then its end, signed, and writes both into the timeline', async () => {
    const receiver = await receive(() => 204);
    const policy = policyTo([{ id: 'hook', url: receiver.url, secret: 'key' }]);
    const delivery = deliver(policy);
    await apply(policy, {});
    await delivery.idle();
    await apply(policy, { kind: 'close' });
    await delivery.idle();
    expect(receiver.all.map((one) => one.notification.type)).toEqual(['incident.opened', 'incident.resolved']);
    expect(receiver.all[0]?.signature).toMatch(/^v1,/);
    expect(new Set(receiver.all.map((one) => one.notification.incidents[0]?.key))).toEqual(
      new Set(['monitor:shop-web']),
    );
    expect(await timeline()).toEqual(
      expect.arrayContaining(['delivered: opened by hook: answered 204', 'delivered: resolved by hook: answered 204']),
    );
  });

  it.each<{ how: string; answer: Answer }>([
    { how: 'a cut connection', answer: 'cut' },
    { how: '500', answer: 500 },
    { how: '429', answer: 429 },
    { how: '408', answer: 408 },
  ])('tries again after $how, under the same id', async ({ answer }) => {
    const receiver = await receive((_, before) => (before < 2 ? answer : 200));
    const policy = policyTo([{ id: 'hook', url: receiver.url }]);
    deliver(policy);
    await apply(policy, {});
    await receiver.until((one) => one.taken().length === 1);
    expect(receiver.all).toHaveLength(3);
    expect(new Set(receiver.all.map((one) => one.id)).size).toBe(1);
  });

  it('lets no resolve overtake an alert that has to be tried again', async () => {
    const receiver = await receive((request, before) =>
      request.notification.type === 'incident.opened' && before < 3 ? 503 : 200,
    );
    const policy = policyTo([{ id: 'hook', url: receiver.url }]);
    deliver(policy);
    await apply(policy, {});
    await apply(policy, { kind: 'close' });
    await receiver.until((one) => one.taken().length === 2);
    expect(receiver.taken().map((one) => one.notification.type)).toEqual(['incident.opened', 'incident.resolved']);
  });

  it('gives up at a refusal, says so, and still sends the end', async () => {
    const receiver = await receive((request) => (request.notification.type === 'incident.opened' ? 404 : 200));
    const policy = policyTo([{ id: 'hook', url: receiver.url }]);
    const outcomes: string[] = [];
    const delivery = deliver(policy, { onOutcome: (one) => outcomes.push(`${one.channel} ${one.outcome}`) });
    await apply(policy, {});
    await apply(policy, { kind: 'close' });
    await delivery.idle();
    expect(outcomes).toEqual(['hook give-up', 'hook sent']);
    expect(await timeline()).toContain('gave-up: opened by hook: answered 404');
  });

  it('gives up when it has tried for too long', async () => {
    const receiver = await receive(() => 500);
    const policy = policyTo([{ id: 'hook', url: receiver.url }]);
    let now = Date.now() + 30_000; // ahead of the clock by which the message is written
    const delivery = deliver(policy, { now: () => now });
    await apply(policy, {});
    await receiver.until((one) => one.all.length > 0);
    await delivery.idle();
    now += 61_000;
    delivery.wake();
    await delivery.idle();
    const [message] = (await ground.db.outbox.page({ limit: 1 })).items;
    expect(message).toMatchObject({ state: 'gave-up', lastError: 'answered 500; tried 2 times' });
  });

  it('waits as long as the receiver asks', async () => {
    const receiver = await receive(() => ({ status: 429, headers: { 'retry-after': '120' } }));
    const policy = policyTo([{ id: 'hook', url: receiver.url }]);
    // Ahead of the clock by which the message is written, so that it is due however slow the machine is.
    const now = Date.now() + 30_000;
    const delivery = deliver(policy, { now: () => now });
    await apply(policy, {});
    await receiver.until((one) => one.all.length > 0);
    await delivery.idle();
    const [message] = (await ground.db.outbox.page({ limit: 1 })).items;
    expect(message).toMatchObject({ state: 'pending', dueAt: now + 120_000, lastError: 'answered 429' });
  });

  it('lets a channel that hangs hold up nobody else', async () => {
    const stuck = await receive(() => 'hang');
    const good = await receive(() => 200);
    const policy = policyTo([
      { id: 'stuck', url: stuck.url },
      { id: 'good', url: good.url },
    ]);
    const hanging: (() => void)[] = [];
    deliver(policy, {
      concurrency: 8,
      perChannel: 4,
      send: async (request) => {
        const { url, ...init } = httpOf(request);
        if (url.startsWith(stuck.url)) await new Promise<void>((resolve) => hanging.push(resolve));
        const answer = await fetch(url, init);
        return { status: answer.status, headers: {}, body: '' };
      },
    });
    closing.push(async () => {
      policy.alerting?.channels.splice(0);
      for (const one of hanging) one();
      await stuck.close();
    });
    for (let n = 0; n < 20; n += 1) await apply(policy, { key: `k${n}`, labels: { target: `t${n}` } });
    await good.until((one) => one.taken().length === 20);
    expect(hanging.length).toBeLessThanOrEqual(4);
  });

  it('sends again what a dead process had taken, under the same id', async () => {
    const receiver = await receive(() => 200);
    const policy = policyTo([{ id: 'hook', url: receiver.url }]);
    await apply(policy, {});
    const [taken] = await ground.store.write((q) =>
      ground.db.outbox.lease(q, { now: Date.now(), limit: 1, owner: 'dead', leaseMs: 30 }),
    );
    deliver(policy);
    await receiver.until((one) => one.taken().length === 1);
    expect(receiver.taken()[0]?.id).toBe(taken?.id);
  });

  it('says so where a channel is gone', async () => {
    const policy = policyTo([{ id: 'hook', url: 'http://127.0.0.1:1/' }]);
    await apply(policy, {});
    await deliver(policyTo([])).idle();
    expect(await timeline()).toContain('gave-up: opened by hook: there is no channel "hook" any more');
  });
});

describe('back-off', () => {
  it('doubles up to its limit, with jitter below', () => {
    expect(backOffMs(STANDARD_RETRY, 1, 1)).toBe(1_000);
    expect(backOffMs(STANDARD_RETRY, 3, 1)).toBe(4_000);
    expect(backOffMs(STANDARD_RETRY, 3, 0)).toBe(2_000);
    expect(backOffMs(STANDARD_RETRY, 500, 1)).toBe(300_000);
  });
});
