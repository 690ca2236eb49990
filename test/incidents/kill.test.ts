import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import { type Answer, type Received, startReceiver } from './receiver.ts';

/** How many times the process is killed; `KILL_RUNS=200` for the long run. */
const RUNS = Number(process.env.KILL_RUNS ?? 12);
const CHILD = join(import.meta.dirname, 'kill-child.ts');

/** The same numbers for the same seed, so that a failure can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function start(...args: string[]): { child: ChildProcess; lines: string[]; line(): Promise<unknown> } {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return { child, lines, line: () => once(child.stdout ?? child, 'data') };
}

it(`loses no alert and no resolve in ${RUNS} kills`, { timeout: 600_000 }, async () => {
  const seed = Number(process.env.KILL_SEED ?? 20261120);
  const random = randomFrom(seed);
  const directory = await mkdtemp(join(tmpdir(), 'seaworthy-kill-'));
  const file = join(directory, 'seaworthy.db');
  let flaky = true;
  const moods: Answer[] = [200, 200, 200, 503, 'cut', 429];
  const receiver = await startReceiver(() => (flaky ? (moods[Math.floor(random() * moods.length)] ?? 200) : 200));
  const committed: string[] = [];
  try {
    for (let run = 0; run < RUNS; run += 1) {
      const { child, lines, line } = start(file, receiver.url);
      const ended = once(child, 'exit');
      await line();
      await new Promise((resolve) => setTimeout(resolve, random() * 400));
      child.kill('SIGKILL');
      await ended;
      committed.push(...lines.filter((one) => one !== 'ready'));
    }
    flaky = false;
    const { child, lines } = start(file, receiver.url, 'finish');
    expect(await once(child, 'exit')).toEqual([0, null]);
    committed.push(...lines.filter((one) => one !== 'ready'));

    const store = await openStore({ url: `sqlite:${file}`, now: Date.now(), readOnly: true });
    const db = repositories(store);
    expect(await store.problems()).toEqual([]);
    const incidents: Incident[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof db.incidents.page>> = await db.incidents.page({
        limit: 500,
        ...(cursor === undefined ? {} : { cursor }),
      });
      incidents.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(await db.outbox.depth()).toMatchObject({ pending: 0 });
    await store.close();

    const known = new Map(incidents.map((one) => [one.key, one]));
    for (const line of committed) {
      const [kind, key = ''] = line.split(' ');
      expect(known.has(key), `${kind} ${key} was reported done`).toBe(true);
    }
    expect(incidents.length).toBeGreaterThan(RUNS);
    const heard = new Map<string, Received[]>();
    for (const one of receiver.taken()) {
      const name = `${one.path} ${one.notification.incidents[0]?.key}`;
      heard.set(name, [...(heard.get(name) ?? []), one]);
    }
    for (const incident of incidents) {
      expect(incident.state).toBe('resolved');
      for (const path of ['/one', '/two']) {
        const taken = heard.get(`${path} ${incident.key}`) ?? [];
        const types = taken.map((one) => one.notification.type);
        const first = types.indexOf('incident.opened');
        const last = types.indexOf('incident.resolved');
        expect(first, `${incident.key} was told to ${path}`).toBeGreaterThanOrEqual(0);
        expect(last, `the end of ${incident.key} was told to ${path}, after its beginning`).toBeGreaterThan(first);
        // What came twice came under the same id.
        const ids = new Set(taken.map((one) => one.id));
        expect(ids.size).toBe(2);
      }
    }
  } finally {
    await receiver.close();
    await rm(directory, { recursive: true, force: true });
  }
});
