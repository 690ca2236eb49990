import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertPolicy, acknowledge, applySignals, planNow, resolveByHand } from '../../src/incidents/apply.ts';
import { freshStore, policyTo } from './store.ts';
import { NOON, signal } from './support.ts';

let ground: Awaited<ReturnType<typeof freshStore>>;
beforeEach(async () => {
  ground = await freshStore();
});
afterEach(() => ground.close());

const policy = policyTo([{ id: 'hook', url: 'http://127.0.0.1:1/' }]);
const apply = (list: Parameters<typeof signal>[0][], now = NOON, rules: AlertPolicy = policy) =>
  ground.store.write((q) => applySignals(ground.db, q, list.map(signal), rules, now));
const owed = async () => (await ground.db.outbox.page({ limit: 100 })).items.reverse();

describe('signals in a transaction', () => {
  it('leaves the incident, its timeline and the message that is owed', async () => {
    await apply([{ text: 'connection refused' }]);
    const [incident] = await ground.db.incidents.unresolved();
    expect(incident).toMatchObject({ key: 'monitor:shop-web', state: 'open', title: 'Shop is down' });
    const [message] = await owed();
    expect(message).toMatchObject({ channel: 'hook', state: 'pending', incidentIds: [incident?.id] });
    expect(message?.notification).toMatchObject({
      type: 'incident.opened',
      reason: 'first',
      incidents: [
        {
          id: incident?.id,
          target: 'shop-web',
          service: 'shop',
          openedAt: '2026-11-20T12:00:00.000Z',
          timeline: [{ type: 'opened', text: 'connection refused' }],
        },
      ],
    });
  });

  it('leaves nothing at all where the transaction fails', async () => {
    const broken = ground.store.write(async (q) => {
      await applySignals(ground.db, q, [signal()], policy, NOON);
      throw new Error('power cut');
    });
    await expect(broken).rejects.toThrow('power cut');
    expect(await ground.db.incidents.unresolved()).toEqual([]);
    expect(await owed()).toEqual([]);
  });

  it('owes the end to the channel and thread that heard the beginning, after a change of routes', async () => {
    await apply([{}]);
    const elsewhere = policyTo([{ id: 'other', url: 'http://127.0.0.1:1/' }]);
    await apply([{ kind: 'close', at: NOON + 60_000 }], NOON + 60_000, elsewhere);
    const messages = await owed();
    expect(messages.map((one) => [one.channel, one.notification.type])).toEqual([
      ['hook', 'incident.opened'],
      ['hook', 'incident.resolved'],
    ]);
    expect(messages[1]?.thread).toBe(messages[0]?.thread);
    expect(messages[1]?.notification.incidents[0]).toMatchObject({ state: 'resolved', key: 'monitor:shop-web' });
  });

  it('tells of news in an incident that is open', async () => {
    await apply([{}]);
    await apply([{ severity: 'critical' }], NOON + 1000);
    expect((await owed()).map((one) => one.notification.type)).toEqual(['incident.opened', 'incident.updated']);
  });

  it('says nothing of what came and went within one batch', async () => {
    await apply([{}, { kind: 'close', at: NOON + 1 }]);
    expect(await owed()).toEqual([]);
    expect(await ground.db.incidents.unresolved()).toEqual([]);
  });

  it('keeps the reason why nobody was told in the timeline, once', async () => {
    const deaf: AlertPolicy = { ...policy, alerting: policy.alerting && { ...policy.alerting, routes: [] } };
    await apply([{}], NOON, deaf);
    await ground.store.write((q) => planNow(ground.db, q, deaf, NOON + 60_000));
    const [incident] = await ground.db.incidents.unresolved();
    const timeline = await ground.db.incidents.timeline(incident?.id ?? '');
    expect(timeline.filter((entry) => entry.type === 'held').map((entry) => entry.text)).toEqual(['no route matches']);
    // As soon as a route is there, it is told.
    await ground.store.write((q) => planNow(ground.db, q, policy, NOON + 120_000));
    expect(await owed()).toHaveLength(1);
  });

  it('keeps incidents where there is nobody to tell', async () => {
    await apply([{}], NOON, { alerting: null, dependsOn: new Map() });
    expect(await ground.db.incidents.unresolved()).toHaveLength(1);
    expect(await owed()).toEqual([]);
  });

  it('is acknowledged and resolved by people, once each', async () => {
    await apply([{}]);
    const id = (await ground.db.incidents.unresolved())[0]?.id ?? '';
    const by = (work: typeof acknowledge, now: number) =>
      ground.store.write((q) => work(ground.db, q, id, 'ana', policy, now));
    expect((await by(acknowledge, NOON + 1))?.state).toBe('acknowledged');
    expect(await by(acknowledge, NOON + 2)).toBeNull();
    expect((await by(resolveByHand, NOON + 3))?.state).toBe('resolved');
    expect(await by(resolveByHand, NOON + 4)).toBeNull();
    const types = (await owed()).map((one) => one.notification.type);
    expect(types).toEqual(['incident.opened', 'incident.acknowledged', 'incident.resolved']);
    expect((await ground.db.incidents.timeline(id)).map((entry) => entry.type)).toEqual([
      'opened',
      'acknowledged',
      'resolved',
    ]);
  });

  it('keeps the log of an open incident however old it is, for the sake of its end', async () => {
    await apply([{}]);
    const [message] = await ground.store.write((q) =>
      ground.db.outbox.lease(q, { now: NOON, limit: 9, owner: 'me', leaseMs: 1000 }),
    );
    await ground.store.write((q) => ground.db.outbox.markSent(q, message?.id ?? '', 'me', NOON));
    const prune = (now: number) => ground.store.write((q) => ground.db.outbox.prune(q, now));
    expect(await prune(NOON + 1e10)).toBe(0);
    await apply([{ kind: 'close', at: NOON + 1e10 }], NOON + 1e10);
    expect(await owed()).toHaveLength(2);
    expect(await prune(NOON + 1e10)).toBe(1);
  });
});
