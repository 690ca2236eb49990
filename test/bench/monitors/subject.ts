import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MonitorSpec } from '../../../src/core/monitor.ts';
import { applySignals } from '../../../src/incidents/apply.ts';
import { startMonitors } from '../../../src/monitor/monitors.ts';
import { openStore } from '../../../src/store/open.ts';
import { repositories } from '../../../src/store/repositories/index.ts';
import { policyTo } from '../../incidents/store.ts';

/** What one run of the monitors was like. Printed as JSON on the last line. */
export interface Figures {
  looks: number;
  seen: number;
  lateMs: { median: number; p99: number; most: number };
  falseDown: number;
  falseUp: number;
  unknown: number;
  skipped: number;
  cpuMs: number;
  wallMs: number;
  rssBytes: number;
  /** Most looks that began within one second. */
  burst: number;
  /** When the last monitor had begun its first look, ms after the start. */
  armedMs: number;
  bytes: { raw: number; rollups: number; rows: number; rollupRows: number; all: number };
}

/** `subject.ts DIRECTORY COUNT EVERY_MS RUN_MS`: every tenth monitor leads into the black hole 10.99.0.0/16. */
const [directory = '', count = 0, everyMs = 0, runMs = 0] = process.argv
  .slice(2)
  .map((text, index) => (index === 0 ? text : Number(text))) as [string, number, number, number];

const isHole = (id: string): boolean => Number(id.slice(1)) % 10 === 0;
const expect = { status: [200], latencyBelowMs: null, body: [], certificateValidForMs: null };
const monitors = Array.from({ length: count }, (_, n): MonitorSpec => {
  const place = `${(n >> 8) & 255}.${n & 255}`;
  const url = n % 10 === 0 ? `http://10.99.${place}/` : `http://127.1.${place}:18080/`;
  return {
    id: `m${n}`,
    name: `m${n}`,
    look: { kind: 'http', url, method: 'GET', expect, ca: [] },
    everyMs,
    timeoutMs: 10_000,
    downAfter: 3,
    upAfter: 2,
    severity: 'high',
    labels: { target: `m${n}` },
  };
});

const store = await openStore({ url: `sqlite:${join(directory, 'bench.db')}`, now: Date.now() });
const db = repositories(store);
const late: number[] = [];
const perSecond = new Map<number, number>();
const firstAt = new Map<string, number>();
let falseDown = 0;
let falseUp = 0;
let unknown = 0;
const cpu = process.cpuUsage();
const started = Date.now();
const running = await startMonitors({
  store,
  repositories: db,
  applySignals: (q, signals) => applySignals(db, q, signals, policyTo([]), Date.now()),
  monitors,
  heartbeats: [],
  now: Date.now,
  onBeat(spec, beat) {
    late.push(beat.startedAt - beat.scheduledAt);
    const second = Math.floor((beat.startedAt - started) / 1_000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    if (!firstAt.has(spec.id)) firstAt.set(spec.id, beat.startedAt - started);
    if (beat.state === 'unknown') unknown += 1;
    else if (beat.state === 'down' && !isHole(spec.id)) {
      if (falseDown < 3) console.error(spec.look, beat);
      falseDown += 1;
    } else if (beat.state === 'up' && isHole(spec.id)) falseUp += 1;
  },
});
await sleep(runMs);
const { skipped } = running.stats();
await running.flush();
const spent = process.cpuUsage(cpu);
const wallMs = Date.now() - started;
await running.stop();
late.sort((a, b) => a - b);
const at = (share: number): number => late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? 0;
const figures: Figures = {
  looks: late.length,
  seen: firstAt.size,
  lateMs: { median: at(0.5), p99: at(0.99), most: at(1) },
  falseDown,
  falseUp,
  unknown,
  skipped,
  cpuMs: (spent.user + spent.system) / 1_000,
  wallMs,
  rssBytes: process.resourceUsage().maxRSS * 1_024,
  burst: Math.max(...perSecond.values()),
  armedMs: Math.max(...firstAt.values()),
  bytes: await sizes(),
};
await store.close();
console.log(JSON.stringify(figures));
process.exit(0);

async function sizes(): Promise<Figures['bytes']> {
  const { default: Database } = await import('better-sqlite3');
  const file = new Database(join(directory, 'bench.db'), { readonly: true });
  const one = (sql: string): number => Number(file.prepare(sql).pluck().get() ?? 0);
  const found = {
    raw: one("select sum(pgsize) from dbstat where name = 'beats'"),
    rollups: one("select sum(pgsize) from dbstat where name = 'rollups'"),
    rows: one('select count(*) from beats'),
    rollupRows: one('select count(*) from rollups'),
    all: await store.sizeBytes(),
  };
  file.close();
  return found;
}
