import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditedTarget } from '../../src/audit/audit.ts';
import { type RecordParts, recordAudit } from '../../src/audit/record.ts';
import type { Finding } from '../../src/core/finding.ts';
import { scoreCategories, scoreOf } from '../../src/core/score.ts';
import type { Signal } from '../../src/core/signal.ts';
import { newId } from '../../src/store/id.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import type { Store } from '../../src/store/store.ts';
import { finding } from '../support/findings.ts';
import { exampleTarget } from '../support/targets.ts';

const target = exampleTarget({ needs: ['http'] });
let folder: string;
let store: Store;
let said: Signal[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-record-'));
  store = await openStore({ url: `sqlite:${join(folder, 'store.db')}`, now: 0 });
  said = [];
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function parts(change: Partial<RecordParts> = {}): RecordParts {
  return {
    store,
    repositories: repositories(store),
    applySignals: async (_q, signals) => said.push(...signals),
    minSeverity: 'high',
    version: '0.1.0',
    newId,
    ...change,
  };
}

function audited(findings: Finding[], finishedAt: number): AuditedTarget {
  const report = {
    id: target.id,
    kind: target.kind,
    name: target.name,
    ...scoreOf(findings),
    categories: scoreCategories(findings),
    findings,
  };
  return {
    target,
    report,
    bundle: { targetId: target.id, kind: target.kind, collectedAt: finishedAt, facts: {} },
    caused: { connections: 1, requests: 1, commands: 0, failures: 0 },
    startedAt: finishedAt - 10,
    finishedAt,
  };
}

describe('recording an audit', () => {
  it('keeps the score, the findings and what changed', async () => {
    const first = await recordAudit(audited([finding()], 1_000), { trigger: 'cli' }, parts());
    expect(first).toMatchObject({ run: 1, diff: { opened: [{ check: 'headers.csp' }] } });
    const second = await recordAudit(audited([finding({ status: 'pass' })], 2_000), { trigger: 'schedule' }, parts());
    expect(second).toMatchObject({ run: 2, diff: { opened: [], closed: [{ check: 'headers.csp' }] } });
    const latest = await repositories(store).audits.latest(target.id);
    expect(latest).toMatchObject({ id: second.id, score: 100, grade: 'A+', counts: { pass: 1 }, trigger: 'schedule' });
  });

  it('tells the incidents of failures that are bad enough, in the same transaction', async () => {
    await recordAudit(audited([finding({ severity: 'medium' })], 1_000), { trigger: 'cli' }, parts());
    expect(said).toEqual([]);
    await recordAudit(audited([finding({ severity: 'high' })], 2_000), { trigger: 'cli' }, parts());
    expect(said).toMatchObject([{ kind: 'open', key: 'audit:shop-web:headers', severity: 'high' }]);
  });

  it('leaves nothing behind when the incidents cannot be told', async () => {
    const failing = parts({
      applySignals: async () => {
        throw new Error('disk full');
      },
    });
    await expect(recordAudit(audited([finding()], 1_000), { trigger: 'cli' }, failing)).rejects.toThrow('disk full');
    expect(await repositories(store).audits.latest(target.id)).toBeNull();
    expect(await repositories(store).findings.current(target.id)).toEqual([]);
  });
});
