import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Beat } from '../../src/core/monitor.ts';
import { openStore } from '../../src/store/open.ts';
import { packFacts } from '../../src/store/repositories/facts.ts';
import { type Repositories, repositories } from '../../src/store/repositories/index.ts';
import type { Store } from '../../src/store/store.ts';
import { newAudit } from '../store/contract/fixture.ts';
import { finding } from '../support/findings.ts';
import { exampleTarget } from '../support/targets.ts';
import type { Row } from './row.ts';

export const name = 'Store (SQLite, a commit on disk for each audit)';

const FINDINGS = 100;
const target = exampleTarget({ needs: ['http'] });
const same = Array.from({ length: FINDINGS }, (_, n) =>
  finding({ subject: `${n}`, status: n % 5 === 0 ? 'fail' : 'pass' }),
);

/** What an audit costs that finds what the last one found, what one with news costs, and how beats are taken in. */
export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-bench-'));
  const store = await openStore({ url: `sqlite:${join(folder, 'bench.db')}`, now: 1 });
  try {
    const repos = repositories(store);
    await audit(store, repos, 0, same);
    const empty = await rows(store);
    const one = await grow(store, repos, 1, 100);
    const added = (await rows(store)) - empty;
    const ten = await grow(store, repos, 1_000, 1_000);
    const changed = await timed(async () => {
      for (let n = 0; n < 50; n += 1) await audit(store, repos, 10_000 + n, turned(n));
    });
    const beats = await takeBeats(store, repos);
    return [
      { label: `rows added by an identical audit (${FINDINGS} findings)`, value: added / 100, unit: 'rows' },
      { label: 'bytes per identical audit, first 100', value: one.bytes / 100, unit: 'B' },
      { label: 'bytes per identical audit, next 1000', value: ten.bytes / 1_000, unit: 'B' },
      { label: 'time per identical audit, first 100', value: one.ms / 100, unit: 'ms' },
      {
        label: 'time per identical audit, next 1000',
        value: ten.ms / 1_000,
        unit: 'ms',
        note: 'does not grow with the history',
      },
      { label: 'time per audit in which a tenth of the findings turns', value: changed / 50, unit: 'ms' },
      ...beats,
    ];
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function turned(round: number): Finding[] {
  return same.map((entry, n) =>
    n % 10 === round % 10 ? { ...entry, status: round % 20 < 10 ? 'fail' : 'pass' } : entry,
  );
}

async function audit(store: Store, repos: Repositories, at: number, findings: readonly Finding[]): Promise<void> {
  const page = exampleHttp({ 'Content-Security-Policy': "default-src 'self'" });
  const packed = await packFacts(
    {
      targetId: 'shop-web',
      kind: 'endpoint',
      collectedAt: at,
      facts: { http: { ok: true, value: page, at, ms: 12 } },
    },
    target,
  );
  await store.write(async (q) => {
    await repos.facts.save(q, packed, at);
    const entry = newAudit({ id: `a${at}`, finishedAt: at, factsHash: packed.hash, facts: packed.manifest });
    const run = await repos.audits.save(q, entry);
    await repos.findings.record(q, { auditId: entry.id, targetId: 'shop-web', run, at, findings });
  });
}

async function grow(store: Store, repos: Repositories, from: number, count: number) {
  const before = await pages(store);
  const ms = await timed(async () => {
    for (let n = 0; n < count; n += 1) await audit(store, repos, from + n, same);
  });
  return { ms, bytes: (await pages(store)) - before };
}

/** Ten thousand monitors, one beat each, handed in in batches of a third of a second's worth. */
async function takeBeats(store: Store, repos: Repositories): Promise<Row[]> {
  const MONITORS = 10_000;
  const batches: Beat[][] = [];
  for (let n = 0; n < MONITORS; n += 334) {
    batches.push(Array.from({ length: Math.min(334, MONITORS - n) }, (_, i) => upBeat(n + i)));
  }
  const before = await pages(store);
  const ms = await timed(async () => {
    for (const beats of batches) await store.write((q) => repos.monitors.append(q, { beats }));
  });
  const bytes = (await pages(store)) - before;
  return [
    { label: 'time to take in a batch of 334 beats (10,000 per 30 s)', value: ms / batches.length, unit: 'ms' },
    { label: 'bytes per beat with its first three sums', value: bytes / MONITORS, unit: 'B' },
  ];
}

function upBeat(n: number): Beat {
  const at = 1_800_000_000_000 + n;
  const timings = { resolve: 0, connect: 1, tls: 3, firstByte: 8, transfer: 1 };
  return {
    monitorId: `monitor-${n}`,
    scheduledAt: at,
    startedAt: at + 1,
    finishedAt: at + 14,
    state: 'up',
    latencyMs: 13,
    timings,
    code: 200,
    reason: null,
  };
}

async function rows(store: Store): Promise<number> {
  let total = 0;
  for (const table of Object.values(store.t)) total += (await store.read.select().from(table)).length;
  return total;
}

/** Bytes in the database itself: the write-ahead log is emptied first by copying. */
async function pages(store: Store): Promise<number> {
  const copy = join(tmpdir(), `seaworthy-bench-${process.pid}.copy`);
  await rm(copy, { force: true });
  await store.backup(copy);
  const opened = await openStore({ url: `sqlite:${copy}`, now: 1, readOnly: true });
  const size = await opened.sizeBytes();
  await opened.close();
  for (const rest of ['', '-wal', '-shm']) await rm(copy + rest, { force: true });
  return size;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
