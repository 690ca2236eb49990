import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { Incident } from '../../src/core/incident.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import { type Answer, startReceiver } from './receiver.ts';

/** What came of many kills. The lists name what must not be; each is empty where the promise was kept. */
export interface KillReport {
  kills: number;
  incidents: number;
  /** Messages that a receiver took, those that it took more than once included. */
  taken: number;
  /** Messages taken again, all under an id that was taken before. */
  repeated: number;
  /** Committed and not in the store; an alert or an end that did not arrive; an end before its beginning. */
  lost: string[];
  /** The same news under two ids. */
  doubled: string[];
  /** The store's own complaints. */
  damaged: string[];
}

const MODES = ['plain', 'silenced', 'moved', 'reload', 'maintenance'] as const;
const ROOT = join(import.meta.dirname, '../..');
/** A process dies after at most so many commits and then at most so many ms later: in the middle of work, however slow the machine. */
const COMMITS_MAX = 5;
const THEN_MS = 25;

/** The same numbers for the same seed, so that a failure can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Kills `kills` processes at random instants of their work, on `lanes` stores at once, and looks what is left. */
export async function killRuns(wanted: { kills: number; lanes: number; seed: number }): Promise<KillReport> {
  const directory = await mkdtemp(join(tmpdir(), 'seaworthy-kill-'));
  try {
    const child = await bundleChild(directory);
    const share = Math.ceil(wanted.kills / wanted.lanes);
    const reports = await Promise.all(
      Array.from({ length: wanted.lanes }, (_, lane) =>
        runLane(join(directory, `lane-${lane}.db`), child, share, randomFrom(wanted.seed + lane)),
      ),
    );
    return reports.reduce((sum, one) => ({
      kills: sum.kills + one.kills,
      incidents: sum.incidents + one.incidents,
      taken: sum.taken + one.taken,
      repeated: sum.repeated + one.repeated,
      lost: [...sum.lost, ...one.lost],
      doubled: [...sum.doubled, ...one.doubled],
      damaged: [...sum.damaged, ...one.damaged],
    }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The child as one file: most of the time of a short life would be spent in reading hundreds of modules. */
async function bundleChild(directory: string): Promise<string> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: join(import.meta.dirname, 'kill-child.ts'),
      outDir: join(directory, 'child'),
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'child.mjs' } },
    },
    ssr: { noExternal: true, external: ['better-sqlite3', 'pg'] },
  });
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  await symlink(join(ROOT, 'migrations'), join(directory, 'migrations'));
  return join(directory, 'child', 'child.mjs');
}

/** Runs the child; resolves with the lines that it had written when it ended. It is killed after so many commits. */
async function runChild(args: readonly string[], death?: { commits: number; thenMs: number }) {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let dying = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    // The first line says that it is ready.
    if (dying || !death || text.split('\n').length - 2 < death.commits) return;
    dying = true;
    setTimeout(() => child.kill('SIGKILL'), death.thenMs);
  });
  const [code, signal] = await once(child, 'close');
  // The last line may have been cut.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return { code, signal, lines: lines.filter((line) => line !== '' && line !== 'ready') };
}

async function runLane(file: string, child: string, kills: number, random: () => number): Promise<KillReport> {
  let flaky = true;
  const moods: Answer[] = [200, 200, 200, 503, 'cut', 429];
  const receiver = await startReceiver(() => (flaky ? (moods[Math.floor(random() * moods.length)] ?? 200) : 200));
  try {
    const committed: string[] = [];
    const unexpected: string[] = [];
    for (let run = 0; run < kills; run += 1) {
      const mode = MODES[Math.floor(random() * MODES.length)] ?? 'plain';
      const death = { commits: Math.floor(random() * (COMMITS_MAX + 1)), thenMs: random() * THEN_MS };
      const ended = await runChild([child, file, receiver.url, mode, String(run)], death);
      if (ended.signal !== 'SIGKILL') unexpected.push(`run ${run} (${mode}) ended by itself with ${ended.code}`);
      committed.push(...ended.lines);
    }
    flaky = false;
    const last = await runChild([child, file, receiver.url, 'finish']);
    if (last.code !== 0) unexpected.push(`the last run ended with ${last.code ?? last.signal}`);
    committed.push(...last.lines);
    const { incidents, damaged, pending } = await readBack(file);
    const heard = new Map<string, { type: string; id: string }[]>();
    for (const { path, id, notification } of receiver.taken()) {
      for (const { key } of notification.incidents) {
        const name = `${path} ${key}`;
        heard.set(name, [...(heard.get(name) ?? []), { type: notification.type, id }]);
      }
    }
    const lost = [...unexpected];
    if (pending > 0) lost.push(`${pending} messages still wait`);
    const known = new Set(incidents.map(({ key }) => key));
    for (const line of committed) {
      if (!known.has(line.split(' ')[1] ?? '')) lost.push(`"${line}" was committed and is gone`);
    }
    for (const { key, state } of incidents) {
      if (state !== 'resolved') lost.push(`${key} is ${state}`);
      const must = key.startsWith('plain') ? ['/one', '/two'] : key.startsWith('moved') ? ['/three'] : [];
      for (const path of must) if (!heard.has(`${path} ${key}`)) lost.push(`${key} was never told to ${path}`);
    }
    const doubled: string[] = [];
    let repeated = 0;
    for (const [name, told] of heard) {
      const types = told.map(({ type }) => type);
      if (types[0] !== 'incident.opened') lost.push(`${name} began with ${types[0]}`);
      if (types.lastIndexOf('incident.resolved') !== types.length - 1) lost.push(`${name} ended with ${types.at(-1)}`);
      const ids = new Set(told.map(({ id }) => id));
      repeated += told.length - ids.size;
      if (ids.size !== new Set(types).size) doubled.push(`${name}: ${types.join(', ')} under ${ids.size} ids`);
    }
    return { kills, incidents: incidents.length, taken: receiver.taken().length, repeated, lost, doubled, damaged };
  } finally {
    await receiver.close();
  }
}

async function readBack(file: string) {
  const store = await openStore({ url: `sqlite:${file}`, now: Date.now(), readOnly: true });
  try {
    const db = repositories(store);
    const incidents: Incident[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof db.incidents.page>> = await db.incidents.page({
        limit: 500,
        ...(cursor === undefined ? {} : { cursor }),
      });
      incidents.push(...page.items);
      cursor = page.nextCursor;
    }
    return { incidents, damaged: await store.problems(), pending: (await db.outbox.depth()).pending };
  } finally {
    await store.close();
  }
}
