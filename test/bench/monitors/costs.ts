import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MonitorSpec } from '../../../src/core/monitor.ts';
import { takeBeat } from '../../../src/monitor/beat.ts';
import { makeResolver } from '../../../src/monitor/resolve.ts';
import type { Costs } from './compare.ts';

/** `costs.ts EXPORTER_PID CERTIFICATE`: the same number of looks by both, eight at once, in turns of the two. */
const [pid = '', certificate = ''] = process.argv.slice(2);
const URLS = { http: 'http://127.0.0.1:18080/', https: 'https://127.0.0.1:18443/' } as const;
type Kind = keyof typeof URLS;
const ROUNDS = 4;
const LOOKS = { http: 1_500, https: 600 } as const;

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const ca = [readFileSync(certificate, 'utf8')];
const clock = (): number => performance.now();
const parts = { now: Date.now, clock, lagSince: () => 0, resolve: makeResolver(clock) };
const never = new AbortController().signal;
const expect = { status: [], latencyBelowMs: null, body: [], certificateValidForMs: null };

async function look(kind: Kind): Promise<void> {
  const spec: MonitorSpec = {
    id: kind,
    name: kind,
    look: { kind: 'http', url: URLS[kind], method: 'GET', expect, ca: kind === 'https' ? ca : [] },
    everyMs: 30_000,
    timeoutMs: 5_000,
    downAfter: 1,
    upAfter: 1,
    severity: 'high',
    labels: {},
  };
  const beat = await takeBeat(spec, Date.now(), parts, never);
  if (beat.state !== 'up') throw new Error(`${URLS[kind]}: ${beat.reason}`);
}

function probe(kind: Kind): Promise<void> {
  return new Promise((resolve, reject) => {
    const path = `/probe?module=${kind}&target=${encodeURIComponent(URLS[kind])}`;
    get({ agent, host: '127.0.0.1', port: 19_115, path }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => (/^probe_success 1/m.test(text) ? resolve() : reject(new Error(`${path}: ${text}`))));
    }).on('error', reject);
  });
}

async function many(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** User and system time of a process, ms (proc(5): fields 14 and 15, in hundredths of a second). */
function exporterMs(): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function oursMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function untilReady(): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await probe('http');
    } catch (thrown) {
      if (tries > 100) throw thrown;
      await sleep(100);
    }
  }
}

await untilReady();
const costs: Costs = { ours: { http: 0, https: 0 }, theirs: { http: 0, https: 0 } };
for (const kind of ['http', 'https'] as const) {
  await many(300, () => look(kind));
  await many(300, () => probe(kind));
  const total = LOOKS[kind] * ROUNDS;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = oursMs();
    await many(LOOKS[kind], () => look(kind));
    costs.ours[kind] += (oursMs() - before) / total;
    const theirs = exporterMs();
    await many(LOOKS[kind], () => probe(kind));
    costs.theirs[kind] += (exporterMs() - theirs) / total;
  }
}
console.log(JSON.stringify(costs));
process.exit(0);
