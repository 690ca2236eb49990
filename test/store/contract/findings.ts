import { expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { finding } from '../../support/findings.ts';
import { type Fixture, newAudit, type Open, saveAudit } from './fixture.ts';

const subjects = (list: readonly Finding[]) => list.map((entry) => entry.subject);
const csp = (change: Partial<Finding> = {}) => finding(change);
const cookie = (subject: string, change: Partial<Finding> = {}) =>
  finding({ check: 'headers.cookies', subject, ...change });

async function rowCounts({ store }: Fixture): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, table] of Object.entries(store.t)) counts[name] = (await store.read.select().from(table)).length;
  return counts;
}

/** Findings as transitions. */
export function findingContract(open: Open): void {
  it('adds one row for an audit that finds nothing new: the audit', async () => {
    const fixture = await open();
    const findings = [csp(), cookie('sid'), cookie('lang', { status: 'pass' })];
    await saveAudit(fixture, 1_000, findings);
    const before = await rowCounts(fixture);
    expect(await saveAudit(fixture, 2_000, findings)).toEqual({
      opened: [],
      closed: [],
      changed: [],
      lostCoverage: [],
    });
    expect(await rowCounts(fixture)).toEqual({ ...before, audits: 2 });
    const current = await fixture.repos.findings.current('shop-web');
    expect(current.map((row) => [row.firstSeenAt, row.lastSeenAt, row.changedAt])).toEqual(
      Array.from({ length: 3 }, () => [1_000, 2_000, 1_000]),
    );
  });

  it('tells what opened, changed and closed', async () => {
    const fixture = await open();
    expect(subjects((await saveAudit(fixture, 1_000, [csp(), cookie('sid')])).opened)).toEqual(['', 'sid']);
    const second = await saveAudit(fixture, 2_000, [
      csp({ severity: 'medium' }),
      cookie('lang'),
      csp({ subject: 'x' }),
    ]);
    expect(subjects(second.opened)).toEqual(['lang', 'x']);
    expect(subjects(second.closed)).toEqual(['sid']);
    expect(second.changed.map((entry) => entry.severity)).toEqual(['medium']);
    const third = await saveAudit(fixture, 3_000, [csp({ status: 'pass' }), cookie('sid')]);
    expect(subjects(third.closed).sort()).toEqual(['', 'lang', 'x']);
    expect(subjects(third.opened)).toEqual(['sid']);
    const sid = await fixture.repos.findings.history('shop-web', cookie('sid').fingerprint);
    expect(sid.map((row) => [row.at, row.fromStatus, row.toStatus])).toEqual([
      [1_000, null, 'fail'],
      [2_000, 'fail', 'gone'],
      [3_000, 'gone', 'fail'],
    ]);
  });

  it('does not take being unable to look for a repair', async () => {
    const fixture = await open();
    await saveAudit(fixture, 1_000, [csp({ status: 'pass' }), cookie('sid')]);
    const blind = await saveAudit(fixture, 2_000, [
      csp({ status: 'unknown' }),
      cookie('', { status: 'unknown', message: 'no answer' }),
    ]);
    expect(blind.closed).toEqual([]);
    expect(subjects(blind.lostCoverage)).toEqual(['', '']);
    expect((await fixture.repos.findings.failing()).map((row) => [row.subject, row.lastSeenAt])).toEqual([
      ['sid', 1_000],
    ]);
    const still = await saveAudit(fixture, 3_000, [csp({ status: 'unknown' }), cookie('', { status: 'unknown' })]);
    expect([still.closed, still.lostCoverage]).toEqual([[], []]);
    const again = await saveAudit(fixture, 4_000, [csp({ status: 'pass' }), cookie('', { status: 'pass' })]);
    expect(subjects(again.closed)).toEqual(['sid']);
    expect(await fixture.repos.findings.failing()).toEqual([]);
  });

  it('lets a partial audit speak for its own checks only', async () => {
    const fixture = await open();
    await saveAudit(fixture, 1_000, [csp(), cookie('sid')]);
    const partial = await saveAudit(fixture, 2_000, [cookie('lang')], { scope: 'partial' });
    expect([subjects(partial.opened), subjects(partial.closed)]).toEqual([['lang'], ['sid']]);
    expect(subjects(await fixture.repos.findings.current('shop-web')).sort()).toEqual(['', 'lang']);
  });

  it('takes moved evidence over without calling it a change', async () => {
    const fixture = await open();
    await saveAudit(fixture, 1_000, [csp({ seen: '12 days left' })]);
    const diff = await saveAudit(fixture, 2_000, [csp({ seen: '11 days left' })]);
    expect(diff.changed).toEqual([]);
    const [row] = await fixture.repos.findings.current('shop-web');
    expect([row?.seen, row?.changedAt]).toEqual(['11 days left', 1_000]);
    expect(await fixture.repos.findings.history('shop-web', csp().fingerprint)).toHaveLength(1);
  });

  it('knows how things stood after any audit, even when the clock went back', async () => {
    const fixture = await open();
    await saveAudit(fixture, 5_000, [csp(), cookie('sid')]);
    await saveAudit(fixture, 1_000, [csp({ status: 'pass' })]);
    await saveAudit(fixture, 2_000, [csp({ status: 'pass' }), cookie('sid', { severity: 'low' })]);
    const { asOf } = fixture.repos.findings;
    const shape = async (id: string) =>
      (await asOf(id)).map((entry) => `${entry.subject} ${entry.status} ${entry.severity}`);
    expect(await shape('audit-5000')).toEqual(['sid fail high', ' fail high']);
    expect(await shape('audit-1000')).toEqual([' pass high']);
    expect(await shape('audit-2000')).toEqual(['sid fail low', ' pass high']);
    expect(await asOf('never')).toEqual([]);
    const changes = await fixture.repos.findings.changesSince(1_500, { targetId: 'shop-web', limit: 10 });
    expect(changes.map((row) => row.at)).toEqual([2_000, 5_000, 5_000]);
    expect(await fixture.repos.findings.changesSince(0, { limit: 2 })).toHaveLength(2);
  });

  it('counts by target, status and severity', async () => {
    const fixture = await open();
    await saveAudit(fixture, 1_000, [csp(), cookie('sid'), cookie('lang', { status: 'pass' })]);
    await saveAudit(fixture, 2_000, [csp()], { change: { targetId: 'other', id: 'b' } });
    const counts = await fixture.repos.findings.counts();
    expect(counts).toHaveLength(3);
    expect(counts).toContainEqual({ targetId: 'shop-web', status: 'fail', severity: 'high', count: 2 });
  });

  it('forgets what has been gone for long, and nothing else', async () => {
    const fixture = await open();
    const { store, repos } = fixture;
    await saveAudit(fixture, 1_000, [csp(), cookie('sid'), cookie('lang')]);
    await saveAudit(fixture, 2_000, [csp(), cookie('lang')]);
    await saveAudit(fixture, 3_000, [csp()]);
    expect(await store.write((q) => repos.findings.prune(q, 2_500))).toBe(1);
    expect(await repos.findings.history('shop-web', cookie('sid').fingerprint)).toEqual([]);
    expect(await repos.findings.history('shop-web', cookie('lang').fingerprint)).toHaveLength(2);
  });

  it('takes thousands of findings, and the same one given twice once', async () => {
    const fixture = await open();
    const many = Array.from({ length: 1_700 }, (_, n) => cookie(`c${n}`));
    await saveAudit(fixture, 1_000, [...many, cookie('c5')]);
    expect(await fixture.repos.findings.current('shop-web')).toHaveLength(1_700);
    expect((await saveAudit(fixture, 2_000, [cookie('c1')])).closed).toHaveLength(1_699);
  });

  it('numbers the audits of one target without gaps when they are saved at once', async () => {
    const { store, repos } = await open();
    const ats = Array.from({ length: 12 }, (_, n) => 1_000 + n);
    const runs = await Promise.all(
      ats.map((at) => store.write((q) => repos.audits.save(q, newAudit({ finishedAt: at, id: `a${at}` })))),
    );
    expect(runs.sort((a, b) => a - b)).toEqual(ats.map((_, n) => n + 1));
  });
}
