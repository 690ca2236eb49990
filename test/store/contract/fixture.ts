import type { Finding } from '../../../src/core/finding.ts';
import type { Incident } from '../../../src/core/incident.ts';
import { toPublicIncident } from '../../../src/core/incident.ts';
import type { Beat } from '../../../src/core/monitor.ts';
import type { NewAudit } from '../../../src/store/repositories/audits.ts';
import type { FindingDiff } from '../../../src/store/repositories/findings.ts';
import type { Repositories } from '../../../src/store/repositories/index.ts';
import type { NewMessage } from '../../../src/store/repositories/outbox.ts';
import type { Store } from '../../../src/store/store.ts';

/** What each part of the suite gets: an empty store of the database under test. */
export interface Fixture {
  store: Store;
  repos: Repositories;
}
export type Open = () => Promise<Fixture>;

export function newAudit(change: Partial<NewAudit> = {}): NewAudit {
  return {
    id: `audit-${change.finishedAt ?? 2_000}`,
    targetId: 'shop-web',
    trigger: 'schedule',
    status: 'done',
    error: null,
    startedAt: (change.finishedAt ?? 2_000) - 500,
    finishedAt: 2_000,
    score: 84,
    grade: 'B+',
    coverage: 0.97,
    cappedBy: null,
    categories: [{ id: 'headers', score: 81, grade: 'B', coverage: 1, cappedBy: null }],
    counts: { fail: 1, pass: 30 },
    algorithm: 1,
    toolVersion: '0.1.0',
    connections: 41,
    factsHash: null,
    facts: null,
    ...change,
  };
}

/** Saves an audit and its findings as the service does: in one transaction. */
export function saveAudit(
  { store, repos }: Fixture,
  at: number,
  findings: readonly Finding[],
  more: { scope?: 'full' | 'partial'; change?: Partial<NewAudit> } = {},
): Promise<FindingDiff> {
  const audit = newAudit({ finishedAt: at, ...more.change });
  return store.write(async (q) => {
    const run = await repos.audits.save(q, audit);
    return repos.findings.record(q, {
      auditId: audit.id,
      targetId: audit.targetId,
      run,
      at,
      findings,
      ...(more.scope ? { scope: more.scope } : {}),
    });
  });
}

export function beat(change: Partial<Beat> = {}): Beat {
  const scheduledAt = change.scheduledAt ?? 0;
  return {
    monitorId: 'shop-web',
    scheduledAt,
    startedAt: scheduledAt + 3,
    finishedAt: scheduledAt + 123,
    state: 'up',
    latencyMs: 120.5,
    timings: { resolve: 1, connect: 2.5, tls: null, firstByte: 100, transfer: 17 },
    code: 200,
    reason: null,
    ...change,
  };
}

export function incident(change: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    key: 'audit:shop-web:headers',
    state: 'open',
    severity: 'high',
    title: 'headers got worse',
    labels: { target: 'shop-web', service: 'shop' },
    source: 'audit',
    causes: ['headers.csp#1'],
    openedAt: 1_000,
    updatedAt: 1_000,
    acknowledgedAt: null,
    resolvedAt: null,
    ...change,
  };
}

export function message(change: Partial<NewMessage> = {}): NewMessage {
  return {
    id: 'm1',
    channel: 'hook',
    thread: 'i1',
    incidentIds: ['i1'],
    notification: { type: 'incident.opened', reason: 'first', incidents: [toPublicIncident(incident(), [])] },
    createdAt: 1_000,
    dueAt: 1_000,
    ...change,
  };
}
