import { expect, it } from 'vitest';
import { type Fixture, incident, message, type Open } from './fixture.ts';

const ids = (list: readonly { id: string }[]) => list.map((entry) => entry.id);

function lease({ store, repos }: Fixture, now: number, owner = 'me', limit = 10) {
  return store.write((q) => repos.outbox.lease(q, { now, owner, limit, leaseMs: 1_000 }));
}

async function withIncident(open: Open): Promise<Fixture> {
  const fixture = await open();
  await fixture.store.write((q) => fixture.repos.incidents.save(q, incident()));
  return fixture;
}

/** Incidents, outbox, silences, maintenance, overrides. */
export function alertingContract(open: Open): void {
  it('has at most one incident per key that is not resolved', async () => {
    const { store, repos } = await withIncident(open);
    const { incidents } = repos;
    expect(await incidents.open(incident().key)).toEqual(incident());
    await expect(store.write((q) => incidents.save(q, incident({ id: 'i2' })))).rejects.toThrow();
    const acknowledged = incident({ state: 'acknowledged', acknowledgedAt: 2_000, updatedAt: 2_000 });
    await store.write((q) => incidents.save(q, acknowledged));
    expect(await incidents.get('i1')).toEqual(acknowledged);
    expect(ids(await incidents.unresolved())).toEqual(['i1']);
    await store.write((q) => incidents.save(q, incident({ state: 'resolved', resolvedAt: 3_000 })));
    expect(await incidents.open(incident().key)).toBeNull();
    await store.write((q) => incidents.save(q, incident({ id: 'i2', openedAt: 4_000 })));
    expect(ids(await incidents.unresolved())).toEqual(['i2']);
    expect(await incidents.get('none')).toBeNull();
  });

  it('keeps what a channel calls its message about an incident, newest first word', async () => {
    const { store, repos } = await withIncident(open);
    await store.write((q) => repos.receipts.keep(q, 'team', ['i1', 'i1'], 'C1:1', 1_000));
    await store.write((q) => repos.receipts.keep(q, 'team', ['i1'], 'C1:2', 2_000));
    await store.write((q) => repos.receipts.keep(q, 'ops', ['i1'], 'C2:1', 2_000));
    expect(await repos.receipts.of('team', ['i1', 'none'])).toEqual(new Map([['i1', 'C1:2']]));
    expect(await repos.receipts.of('team', [])).toEqual(new Map());
  });

  it('keeps timelines in the order of writing', async () => {
    const { store, repos } = await withIncident(open);
    const line = (text: string) => ({ at: 1_000, type: 'note' as const, text });
    await store.write((q) => repos.incidents.addEvents(q, 'i1', [line('b'), line('a')]));
    await store.write((q) => repos.incidents.addEvents(q, 'i1', [line('0')], 'ana'));
    const more = ['y', 'z'].map((text) => ({ incidentId: 'i1', entry: line(text) }));
    await store.write((q) => repos.incidents.addLines(q, more));
    await store.write((q) => repos.incidents.addEvents(q, 'i1', []));
    expect(await repos.incidents.timeline('i1')).toEqual(['b', 'a', '0', 'y', 'z'].map(line));
    const both = await repos.incidents.timelines(['i1', 'none']);
    expect([both.get('i1')?.length, both.get('none')]).toEqual([5, []]);
    expect((await repos.incidents.timelines([])).size).toBe(0);
    await expect(store.write((q) => repos.incidents.addEvents(q, 'none', [line('x')]))).rejects.toThrow();
  });

  it('pages incidents by state, target and service', async () => {
    const { store, repos } = await withIncident(open);
    for (const n of [2, 3, 4]) {
      const labels = { target: n === 4 ? 'shop-1' : 'shop-web' };
      await store.write((q) => repos.incidents.save(q, incident({ id: `i${n}`, key: `k${n}`, labels })));
    }
    const first = await repos.incidents.page({ limit: 3 });
    expect(ids(first.items)).toEqual(['i4', 'i3', 'i2']);
    expect(ids((await repos.incidents.page({ limit: 3, cursor: first.nextCursor ?? '' })).items)).toEqual(['i1']);
    expect(ids((await repos.incidents.page({ limit: 9, target: 'shop-1' })).items)).toEqual(['i4']);
    expect(ids((await repos.incidents.page({ limit: 9, service: 'shop' })).items)).toEqual(['i1']);
    expect((await repos.incidents.page({ limit: 9, states: ['resolved'] })).items).toEqual([]);
  });

  it('hands a message out once, to one sender', async () => {
    const fixture = await withIncident(open);
    const { store, repos } = fixture;
    await store.write((q) => repos.outbox.enqueue(q, message()));
    expect(await repos.outbox.depth()).toEqual({ pending: 1, oldest: 1_000 });
    expect(await repos.outbox.nextDueAt()).toBe(1_000);
    expect(await lease(fixture, 999)).toEqual([]);
    const [mine, theirs] = await Promise.all([lease(fixture, 1_000, 'a'), lease(fixture, 1_000, 'b')]);
    expect(ids([...mine, ...theirs])).toEqual(['m1']);
    const owner = mine.length === 1 ? 'a' : 'b';
    const wrong = owner === 'a' ? 'b' : 'a';
    expect([...mine, ...theirs][0]).toMatchObject({
      attempts: 1,
      incidentIds: ['i1'],
      notification: message().notification,
    });
    expect(await store.write((q) => repos.outbox.markSent(q, 'm1', wrong, 1_100))).toBe(false);
    expect(await store.write((q) => repos.outbox.markSent(q, 'm1', owner, 1_100))).toBe(true);
    expect(await repos.outbox.depth()).toEqual({ pending: 0, oldest: null });
    expect(await repos.outbox.nextDueAt()).toBeNull();
    expect(await repos.outbox.ofIncident('i1')).toMatchObject([{ id: 'm1', state: 'sent', settledAt: 1_100 }]);
    expect(await repos.outbox.ofIncident('none')).toEqual([]);
  });

  it('hands a message out again when its sender died', async () => {
    const fixture = await withIncident(open);
    await fixture.store.write((q) => fixture.repos.outbox.enqueue(q, message()));
    expect(ids(await lease(fixture, 1_000, 'dead'))).toEqual(['m1']);
    expect(await lease(fixture, 1_999)).toEqual([]);
    expect(await lease(fixture, 2_000)).toMatchObject([{ id: 'm1', attempts: 2 }]);
  });

  it('lets no resolve overtake its alert, and no channel wait for another', async () => {
    const fixture = await withIncident(open);
    const { store, repos } = fixture;
    await store.write(async (q) => {
      await repos.outbox.enqueue(q, message({ id: 'z-alert' }));
      // The clock went back meanwhile, and ids sort the other way round.
      await repos.outbox.enqueue(q, message({ id: 'a-resolve', createdAt: 500, dueAt: 500 }));
      await repos.outbox.enqueue(q, message({ id: 'other', channel: 'pager' }));
    });
    expect(ids(await lease(fixture, 1_000)).sort()).toEqual(['other', 'z-alert']);
    await store.write((q) => repos.outbox.retryAt(q, 'z-alert', 'me', 5_000, 'answered 503'));
    expect(await lease(fixture, 4_000)).toMatchObject([{ id: 'other' }]);
    expect(ids(await lease(fixture, 5_000))).toContain('z-alert');
    await store.write((q) => repos.outbox.giveUp(q, 'z-alert', 'me', 5_100, 'answered 404'));
    expect(ids(await lease(fixture, 5_200))).toEqual(['a-resolve']);
    expect(await repos.outbox.toldOf('i1')).toEqual([
      { channel: 'hook', thread: 'i1' },
      { channel: 'pager', thread: 'i1' },
    ]);
    const gaveUp = await repos.outbox.page({ limit: 5, state: 'gave-up' });
    expect(gaveUp.items).toMatchObject([{ id: 'z-alert', lastError: 'answered 404', attempts: 2 }]);
  });

  it('forgets settled messages and resolved incidents, never what is still owed', async () => {
    const fixture = await withIncident(open);
    const { store, repos } = fixture;
    await store.write((q) => repos.outbox.enqueue(q, message()));
    await lease(fixture, 1_000);
    await store.write((q) => repos.outbox.markSent(q, 'm1', 'me', 1_100));
    await store.write((q) => repos.outbox.enqueue(q, message({ id: 'm2' })));
    // While the incident is open, its log says where the resolve has to go.
    expect(await store.write((q) => repos.outbox.prune(q, 9_999))).toBe(0);
    expect(await repos.outbox.toldAbout(['i1', 'unknown'])).toEqual([
      { incidentId: 'i1', channel: 'hook', thread: 'i1', type: 'incident.opened', at: 1_000 },
      { incidentId: 'i1', channel: 'hook', thread: 'i1', type: 'incident.opened', at: 1_000 },
    ]);
    expect(await store.write((q) => repos.incidents.prune(q, 9_999))).toBe(0);
    await store.write((q) => repos.incidents.save(q, incident({ state: 'resolved', resolvedAt: 2_000 })));
    expect(await repos.outbox.spokenSince(1_000)).toEqual(new Map([['i1', 1_000]]));
    expect(await repos.outbox.spokenSince(1_001)).toEqual(new Map());
    const written = await repos.outbox.writtenSince(1_000);
    expect(written).toContainEqual({ channel: 'hook', type: 'incident.opened', at: 1_000 });
    expect(await repos.outbox.writtenSince(9_999)).toEqual([]);
    expect(await store.write((q) => repos.outbox.prune(q, 9_999))).toBe(1);
    expect(ids((await repos.outbox.page({ limit: 5 })).items)).toEqual(['m2']);
    expect(await store.write((q) => repos.incidents.prune(q, 9_999))).toBe(1);
    expect(await store.problems()).toEqual([]);
  });

  it('loses the message with the change that it tells of', async () => {
    const { store, repos } = await withIncident(open);
    const work = store.write(async (q) => {
      await repos.incidents.save(q, incident({ state: 'resolved', resolvedAt: 2_000 }));
      await repos.outbox.enqueue(q, message());
      throw new Error('killed');
    });
    await expect(work).rejects.toThrow('killed');
    expect((await repos.outbox.depth()).pending).toBe(0);
    expect((await repos.incidents.get('i1'))?.state).toBe('open');
  });

  it('ends silences, maintenance and overrides early', async () => {
    const { store, repos } = await open();
    const span = { id: 's1', startsAt: 100, endsAt: 900, createdBy: 'ana', createdAt: 50 };
    const matchers = [{ label: 'service', values: ['shop'] }];
    await store.write(async (q) => {
      await repos.silences.add(q, { ...span, matchers, comment: 'known' });
      await repos.maintenance.add(q, { ...span, matchers, title: 'new disks' });
      await repos.overrides.add(q, { ...span, schedule: 'primary', person: 'ben' });
    });
    expect(await repos.silences.list(899)).toEqual([{ ...span, matchers, comment: 'known' }]);
    expect(await repos.maintenance.list(899)).toEqual([{ ...span, matchers, title: 'new disks' }]);
    expect(await repos.overrides.list(899)).toEqual([{ ...span, schedule: 'primary', person: 'ben' }]);
    for (const repo of [repos.silences, repos.maintenance, repos.overrides]) {
      expect(await store.write((q) => repo.end(q, 's1', 200))).toBe(true);
      expect(await store.write((q) => repo.end(q, 's1', 200))).toBe(false);
      expect(await repo.list(200)).toEqual([]);
    }
  });
}
