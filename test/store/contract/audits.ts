import { expect, it } from 'vitest';
import type { FactBundle } from '../../../src/core/facts/bundle.ts';
import { exampleHttp } from '../../../src/core/facts/examples.ts';
import { packFacts } from '../../../src/store/repositories/facts.ts';
import { finding } from '../../support/findings.ts';
import { exampleTarget } from '../../support/targets.ts';
import { newAudit, type Open, saveAudit } from './fixture.ts';

const target = exampleTarget({ needs: ['http'] });

/** Targets, audits, facts, baselines. */
export function auditContract(open: Open): void {
  it('keeps targets that are configured no longer, marked as removed', async () => {
    const { store, repos } = await open();
    const { targets } = repos;
    const other = exampleTarget({ needs: ['host.os'] });
    await store.write((q) => targets.replaceAll(q, [target, other], 100));
    await store.write((q) => targets.replaceAll(q, [{ ...target, name: 'Shop' }], 200));
    expect((await targets.list()).map((row) => [row.id, row.name, row.addedAt])).toEqual([['shop-web', 'Shop', 100]]);
    expect((await targets.list({ removed: true })).map((row) => row.removedAt)).toEqual([200, null]);
    expect((await targets.get('shop-web'))?.spec).toEqual({ ...target, name: 'Shop' });
    expect(await targets.get('nobody')).toBeNull();
    await store.write((q) => targets.replaceAll(q, [target, other], 300));
    expect((await targets.list()).map((row) => row.id)).toEqual(['shop-1', 'shop-web']);
    await store.write((q) => targets.replaceAll(q, [], 400));
    expect(await targets.list()).toEqual([]);
  });

  it('answers the newest audit that was done, and when a target was last tried', async () => {
    const fixture = await open();
    const { store, repos } = fixture;
    await saveAudit(fixture, 1_000, []);
    const failed = newAudit({
      id: 'broken',
      finishedAt: 3_000,
      status: 'failed',
      error: 'no route to host',
      score: null,
      grade: null,
    });
    expect(await store.write((q) => repos.audits.save(q, failed))).toBe(2);
    expect(await repos.audits.latest('shop-web')).toEqual({ ...newAudit({ finishedAt: 1_000 }), run: 1 });
    expect(await repos.audits.latest('nobody')).toBeNull();
    expect((await repos.audits.latestByTarget()).get('shop-web')?.id).toBe('audit-1000');
    expect(await repos.audits.lastAuditAt()).toEqual(new Map([['shop-web', 3_000]]));
    expect(await repos.audits.get('broken')).toEqual({ ...failed, run: 2 });
    expect(await repos.audits.get('none')).toBeNull();
  });

  it('pages newest first, and stays in place while newer audits come in', async () => {
    const fixture = await open();
    const { repos } = fixture;
    for (const [n, at] of [10, 20, 20, 20, 30].entries()) {
      await saveAudit(fixture, at, [], { change: { id: `a${n}` } });
    }
    const first = await repos.audits.page({ limit: 2 });
    expect(first.items.map((row) => row.id)).toEqual(['a4', 'a3']);
    await saveAudit(fixture, 40, [], { change: { id: 'late' } });
    const second = await repos.audits.page({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map((row) => row.id)).toEqual(['a2', 'a1']);
    const third = await repos.audits.page({ limit: 2, cursor: second.nextCursor ?? '', targetId: 'shop-web' });
    expect(third).toMatchObject({ items: [{ id: 'a0' }], nextCursor: null });
    expect((await repos.audits.page({ limit: 9, targetId: 'other' })).items).toEqual([]);
    await expect(repos.audits.page({ limit: 2, cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({
      code: 'cursor-invalid',
    });
  });

  it('gives scores over time, oldest first, without failed audits', async () => {
    const fixture = await open();
    for (const at of [10, 20, 30, 40]) await saveAudit(fixture, at, [], { change: { score: at } });
    await saveAudit(fixture, 50, [], { change: { status: 'failed', score: null } });
    const { history } = fixture.repos.audits;
    expect((await history('shop-web', { limit: 10 })).map((point) => point.score)).toEqual([10, 20, 30, 40]);
    expect((await history('shop-web', { limit: 2 })).map((point) => point.score)).toEqual([30, 40]);
    expect((await history('shop-web', { from: 20, to: 30, limit: 9 })).map((point) => point.at)).toEqual([20, 30]);
  });

  it('forgets old audits but never the newest of a target', async () => {
    const fixture = await open();
    for (const at of [10, 20, 30]) await saveAudit(fixture, at, []);
    await saveAudit(fixture, 15, [], { change: { targetId: 'idle', id: 'only' } });
    expect(await fixture.store.write((q) => fixture.repos.audits.prune(q, 1_000))).toBe(2);
    expect((await fixture.repos.audits.page({ limit: 9 })).items.map((row) => row.id)).toEqual(['audit-30', 'only']);
  });

  it('keeps equal facts once, gives them back as they were, and drops them with their last audit', async () => {
    const fixture = await open();
    const { store, repos } = fixture;
    const bundle = (at: number, headers: Record<string, string>): FactBundle => ({
      targetId: 'shop-web',
      kind: 'endpoint',
      collectedAt: at,
      facts: {
        http: { ok: true, value: exampleHttp(headers), at: at + 7, ms: 7 },
        tls: { ok: false, absence: { kind: 'timeout', reason: 'no answer' }, at: at + 9, ms: 9 },
      },
    });
    const save = async (at: number, headers: Record<string, string>) => {
      const packed = await packFacts(bundle(at, headers), target);
      await store.write(async (q) => {
        await repos.facts.save(q, packed, at);
        const facts = { factsHash: packed.hash, facts: packed.manifest };
        await repos.audits.save(q, newAudit({ id: `a${at}`, finishedAt: at, ...facts }));
      });
      return packed.hash;
    };
    const rows = async () => (await store.read.select().from(store.t.facts)).length;
    const first = await save(1_000, { A: '1' });
    expect(await save(2_000, { A: '1' })).toBe(first);
    expect(await rows()).toBe(2); // the page and the target
    expect(await save(3_000, { A: '2' })).not.toBe(first);
    expect(await rows()).toBe(3);
    const manifest = (await repos.audits.get('a1000'))?.facts;
    expect(await repos.facts.load('shop-web', manifest!)).toEqual({ bundle: bundle(1_000, { A: '1' }), target });

    expect(await store.write((q) => repos.facts.sweep(q))).toBe(0);
    expect(await store.write((q) => repos.facts.forget(q, 2_500))).toBe(2);
    expect(await store.write((q) => repos.facts.sweep(q))).toBe(1);
    await expect(repos.facts.load('shop-web', manifest!)).rejects.toMatchObject({ code: 'facts-missing' });
    const kept = await repos.audits.get('a3000');
    expect((await repos.facts.load('shop-web', kept!.facts!)).bundle).toEqual(bundle(3_000, { A: '2' }));
  });

  it('keeps one baseline per name', async () => {
    const { store, repos } = await open();
    const baseline = { name: 'main', auditId: null, createdAt: 1, createdBy: 'ci', report: { findings: [finding()] } };
    await store.write((q) => repos.baselines.put(q, baseline));
    await store.write((q) => repos.baselines.put(q, { ...baseline, createdAt: 2 }));
    expect(await repos.baselines.get('main')).toEqual({ ...baseline, createdAt: 2 });
    expect((await repos.baselines.list()).map((row) => row.name)).toEqual(['main']);
    expect(await store.write((q) => repos.baselines.remove(q, 'main'))).toBe(true);
    expect(await store.write((q) => repos.baselines.remove(q, 'main'))).toBe(false);
    expect(await repos.baselines.get('main')).toBeNull();
  });
}
