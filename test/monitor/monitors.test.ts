import { createServer as createHttp, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Beat, HeartbeatSpec, HttpExpectation, MonitorSpec, MonitorState } from '../../src/core/monitor.ts';
import { applySignals } from '../../src/incidents/apply.ts';
import { type Monitors, type MonitorsParts, startMonitors } from '../../src/monitor/monitors.ts';
import { freshStore, policyTo } from '../incidents/store.ts';

let ground: Awaited<ReturnType<typeof freshStore>>;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  ground = await freshStore();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await ground.close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
const http = (listener: RequestListener) => listen(createHttp(listener));

const plain: HttpExpectation = { status: [], latencyBelowMs: null, body: [], certificateValidForMs: null };
const spec = (
  url: string,
  change: Partial<MonitorSpec> = {},
  expected: Partial<HttpExpectation> = {},
): MonitorSpec => ({
  id: 'shop-web',
  name: 'Shop',
  look: { kind: 'http', url, method: 'GET', expect: { ...plain, ...expected }, ca: [] },
  everyMs: 20,
  timeoutMs: 5_000,
  downAfter: 2,
  upAfter: 2,
  severity: 'high',
  labels: { target: 'shop-web', service: 'shop' },
  ...change,
});

/** Starts monitors; `until` waits for a look after which `enough` holds. */
async function watch(monitors: MonitorSpec[], more: Partial<MonitorsParts> = {}) {
  const policy = policyTo([{ id: 'hook', url: 'http://127.0.0.1:1/' }]);
  const waiting = new Set<(beat: Beat, state: MonitorState) => void>();
  const running: Monitors = await startMonitors({
    store: ground.store,
    repositories: ground.db,
    applySignals: (q, signals) => applySignals(ground.db, q, signals, policy, Date.now()),
    monitors,
    heartbeats: [],
    now: Date.now,
    flushMs: 10,
    onBeat: (_, beat, state) => {
      for (const look of [...waiting]) look(beat, state);
    },
    ...more,
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= running.stop();
    return stopped;
  };
  closing.push(stop);
  const until = (enough: (beat: Beat, state: MonitorState) => boolean): Promise<Beat> =>
    new Promise((resolve) => {
      const look = (beat: Beat, state: MonitorState): void => {
        if (!enough(beat, state)) return;
        waiting.delete(look);
        resolve(beat);
      };
      waiting.add(look);
    });
  return { running, stop, until };
}
const first = (): boolean => true;

describe('watching', () => {
  it('opens an incident when a site goes down and ends it when it is back', async () => {
    let status = 200;
    const port = await http((_, answer) => answer.writeHead(status).end('ok'));
    const { running, until } = await watch([spec(`http://127.0.0.1:${port}/`)]);
    await until((_, state) => state.state === 'up');
    status = 500;
    await until((_, state) => state.state === 'down');
    await running.flush();
    const [incident] = await ground.db.incidents.unresolved();
    expect(incident).toMatchObject({
      key: 'monitor:shop-web',
      title: 'Shop is down',
      labels: { target: 'shop-web', check: 'uptime.availability' },
    });
    expect((await ground.db.incidents.timeline(incident?.id ?? ''))[0]?.text).toBe('answered 500');
    status = 200;
    await until((_, state) => state.state === 'up');
    await running.flush();
    expect((await ground.db.incidents.get(incident?.id ?? ''))?.state).toBe('resolved');
    const told = (await ground.db.outbox.page({ limit: 9 })).items.reverse();
    expect(told.map((one) => one.notification.type)).toEqual(['incident.opened', 'incident.resolved']);
    const all = { from: 0, to: Date.now() + 1 };
    const changes = await ground.db.monitors.changes('shop-web', all);
    expect(changes.map((one) => one.toState)).toEqual(['up', 'down', 'up']);
  });

  it('stores each look with its phases, its lateness and its reason', async () => {
    const port = await http((_, answer) => answer.writeHead(418).end('x'.repeat(10)));
    const { until, stop } = await watch([spec(`http://localhost:${port}/`)]);
    await until(first);
    await stop();
    const [beat] = await ground.db.monitors.beats('shop-web', { from: 0, to: Date.now() + 60_000, limit: 1 });
    expect(beat).toMatchObject({ state: 'down', code: 418, reason: 'answered 418' });
    expect(beat?.startedAt).toBeGreaterThanOrEqual(beat?.scheduledAt ?? 0);
    expect(beat?.timings).toMatchObject({ tls: null });
    expect(beat?.timings?.connect).toBeGreaterThanOrEqual(0);
    expect(beat?.timings?.firstByte).toBeGreaterThan(0);
    expect(beat?.latencyMs).toBeGreaterThan(0);
  });

  it('goes on after a restart from where it stood, without a second alert', async () => {
    const port = await http((_, answer) => answer.writeHead(500).end());
    const before = await watch([spec(`http://127.0.0.1:${port}/`)]);
    await before.until((_, state) => state.state === 'down');
    await before.stop();
    const after = await watch([spec(`http://127.0.0.1:${port}/`)]);
    await after.until((_, state) => (state.streak?.count ?? 0) > 5);
    await after.stop();
    expect((await ground.db.outbox.page({ limit: 9 })).items).toHaveLength(1);
    expect(await ground.db.incidents.unresolved()).toHaveLength(1);
  });

  it('ends the incident of a monitor that is taken out of the configuration', async () => {
    const port = await http((_, answer) => answer.writeHead(500).end());
    const { until, running } = await watch([spec(`http://127.0.0.1:${port}/`)]);
    await until((_, state) => state.state === 'down');
    await running.flush();
    await running.reload([], []);
    expect(await ground.db.incidents.unresolved()).toEqual([]);
  });

  it('keeps what it saw while the store fails, and writes it afterwards', async () => {
    const port = await http((_, answer) => answer.writeHead(500).end());
    let broken = true;
    const troubles: unknown[] = [];
    const store = {
      ...ground.store,
      write: ((work) =>
        broken ? Promise.reject(new Error('disk full')) : ground.store.write(work)) as typeof ground.store.write,
    };
    const { until, stop } = await watch([spec(`http://127.0.0.1:${port}/`)], {
      store,
      onTrouble: (one) => troubles.push(one),
    });
    await until((_, state) => state.state === 'down' && troubles.length > 0);
    broken = false;
    await stop();
    expect(await ground.db.incidents.unresolved()).toHaveLength(1);
    const beats = await ground.db.monitors.beats('shop-web', { from: 0, to: Date.now() + 60_000, limit: 99 });
    expect(beats.length).toBeGreaterThanOrEqual(2);
  });

  it('lets a host that does not answer hold up nobody else', async () => {
    const port = await http((_, answer) => answer.end('ok'));
    const silent = await listen(createTcp());
    const stuck = Array.from({ length: 30 }, (_, n) => spec(`http://127.0.0.1:${silent}/`, { id: `stuck-${n}` }));
    const { until, running } = await watch([...stuck, spec(`http://127.0.0.1:${port}/`)], {
      concurrency: 8,
      perHost: 4,
    });
    await until((beat, state) => beat.monitorId === 'shop-web' && (state.streak?.count ?? 0) > 10);
    expect(running.stats()).toMatchObject({ flying: expect.any(Number) });
    expect(running.stats().flying).toBeLessThanOrEqual(8);
    expect(running.stats().skipped).toBeGreaterThan(0);
  });
});

describe('much fails at once', () => {
  const many = async (count: number) => {
    const answers = { status: 200, hang: new Set<string>() };
    const port = await http((request, answer) => {
      if (!answers.hang.has(request.url ?? '')) answer.writeHead(answers.status).end('ok');
    });
    const specs = Array.from({ length: count }, (_, n) =>
      spec(`http://127.0.0.1:${port}/m${n}`, {
        id: `m${n}`,
        name: `M${n}`,
        everyMs: 100,
        timeoutMs: 400,
        labels: { target: `m${n}`, service: 'shop', environment: 'production' },
      }),
    );
    const states = new Map<string, MonitorState['state']>();
    const onBeat: MonitorsParts['onBeat'] = (one, _, state) => states.set(one.id, state.state);
    const all = (state: MonitorState['state']) =>
      vi.waitFor(() => expect([...states.values()].filter((one) => one === state)).toHaveLength(count), 20_000);
    return { answers, specs, onBeat, all };
  };
  const keys = async () => (await ground.db.incidents.unresolved()).map((one) => one.key).sort();

  it('opens one incident for all, and one for each that stays down when it is over', async () => {
    const { answers, specs, onBeat, all } = await many(12);
    await watch(specs, { onBeat, selfCheck: async () => ({ kind: 'fine' }) });
    await all('up');
    answers.status = 500;
    await all('down');
    await vi.waitFor(async () => expect(await keys()).toEqual(['self:mass-failure']), 20_000);
    const [one] = await ground.db.incidents.unresolved();
    expect(one).toMatchObject({ labels: { service: 'shop', environment: 'production' } });
    expect(one?.title).toMatch(/^\d+ of 12 monitors fail at once$/);
    expect(one?.labels).not.toHaveProperty('target');
    answers.status = 200;
    answers.hang.add('/m3');
    await vi.waitFor(async () => expect(await keys()).toEqual(['monitor:m3']), 20_000);
    const entries = await ground.db.incidents.timeline(one?.id ?? '');
    expect(entries.at(-1)).toMatchObject({ type: 'resolved', text: expect.stringContaining('M3') });
  });

  it('calls everything unknown while our own network is broken, and nobody down', async () => {
    const { answers, specs, onBeat, all } = await many(12);
    let broken = false;
    const selfCheck: MonitorsParts['selfCheck'] = async () =>
      broken ? { kind: 'broken', reason: 'the gateway is gone', loopbackToo: true } : { kind: 'fine' };
    const { running } = await watch(specs, { onBeat, selfCheck });
    await all('up');
    broken = true;
    for (const one of specs) answers.hang.add(`/${one.id}`);
    await all('unknown');
    await running.flush();
    expect(await keys()).toEqual(['self:blind']);
    const changes = await ground.db.monitors.changes('m1', { from: 0, to: Date.now() + 60_000 });
    expect(changes.map((one) => one.toState)).toEqual(['up', 'unknown']);
    broken = false;
    answers.hang.clear();
    await all('up');
    await vi.waitFor(async () => expect(await keys()).toEqual([]), 20_000);
  });

  it('tells of one that goes down among many at once', async () => {
    const { answers, specs, onBeat, all } = await many(12);
    await watch(specs, { onBeat, selfCheck: () => Promise.reject(new Error('not asked')) });
    await all('up');
    answers.hang.add('/m3');
    await vi.waitFor(async () => expect(await keys()).toEqual(['monitor:m3']), 20_000);
  });
});

describe('a look', () => {
  const raw = (bytes: string, end = true) =>
    listen(
      createTcp((socket) => {
        socket.once('data', () => {
          socket.write(bytes);
          if (end) socket.end();
        });
      }),
    );

  it.each<{ what: string; port(): Promise<number>; says: RegExp; timeoutMs?: number }>([
    { what: 'a closed port', port: async () => 1, says: /ECONNREFUSED/ },
    {
      what: 'a server that says nothing',
      port: () => listen(createTcp()),
      says: /no answer within 100 ms/,
      timeoutMs: 100,
    },
    { what: 'a server that hangs up', port: () => listen(createTcp((socket) => socket.destroy())), says: /./ },
    { what: 'something that is not HTTP', port: () => raw('SSH-2.0-OpenSSH\r\n'), says: /./ },
    {
      what: 'a body that ends too early',
      port: () => raw('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf'),
      says: /./,
    },
    {
      what: 'endless headers',
      port: () => raw(`HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(9_000)}`, false),
      says: /[Hh]eader/,
    },
    {
      what: 'a body that never ends',
      port: () => raw('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf', false),
      says: /no answer within 100 ms/,
      timeoutMs: 100,
    },
  ])('takes $what for down', async ({ port, says, timeoutMs }) => {
    const change = timeoutMs === undefined ? {} : { timeoutMs };
    const { until } = await watch([spec(`http://127.0.0.1:${await port()}/`, change)]);
    const beat = await until((one) => one.state !== 'unknown');
    expect(beat.state).toBe('down');
    expect(beat.reason).toMatch(says);
  });

  it('reads no more of a huge body than it may', async () => {
    const port = await http((_, answer) => {
      const more = (): void => {
        while (answer.write('x'.repeat(65_536))) if (answer.destroyed) return;
      };
      answer.writeHead(200).on('drain', more);
      more();
    });
    const { until } = await watch([
      spec(`http://127.0.0.1:${port}/`, {}, { body: [{ kind: 'contains', text: 'needle' }] }),
    ]);
    expect((await until(first)).reason).toBe('the body does not contain "needle" in the part that is read');
  });

  it('asserts on JSON', async () => {
    const port = await http((_, answer) => answer.end('{"db":"down"}'));
    const body = [{ kind: 'jsonPath' as const, path: '$.db', equals: 'up' }];
    const { until } = await watch([spec(`http://127.0.0.1:${port}/`, {}, { body })]);
    expect((await until(first)).reason).toBe('$.db is "down", not "up"');
  });

  it('connects, for what does not speak HTTP', async () => {
    const port = await listen(createTcp());
    const look = { kind: 'tcp' as const, host: '127.0.0.1', port, latencyBelowMs: null };
    const { until } = await watch([spec('', { look })]);
    expect(await until(first)).toMatchObject({ state: 'up', code: null, reason: null });
  });

  it('takes trouble of our own for unknown', async () => {
    const silent = await listen(createTcp());
    const { until } = await watch([spec(`http://127.0.0.1:${silent}/`, { timeoutMs: 200 })]);
    const beat = until(first);
    setTimeout(() => {
      const end = performance.now() + 700;
      while (performance.now() < end);
    }, 60);
    expect((await beat).state).toBe('unknown');
  });
});

describe('heartbeats', () => {
  const nightly: HeartbeatSpec = {
    id: 'nightly',
    name: 'Nightly',
    schedule: { everyMs: 3_600_000 },
    graceMs: 0,
    severity: 'high',
    labels: { target: 'nightly' },
  };
  const ping = { id: 'nightly', kind: 'success' as const, exitCode: null, body: null, remote: null };

  it('opens an incident when the job reports a failure and ends it with its next success', async () => {
    const { running } = await watch([], { heartbeats: [nightly] });
    expect(await running.ping(ping)).toBe(true);
    expect(await running.ping({ ...ping, exitCode: 3 })).toBe(true);
    const [incident] = await ground.db.incidents.unresolved();
    expect(incident).toMatchObject({ key: 'heartbeat:nightly', source: 'heartbeat' });
    expect(await running.ping(ping)).toBe(true);
    expect(await ground.db.incidents.unresolved()).toEqual([]);
    expect(await ground.db.pings.list('nightly', 9)).toHaveLength(3);
    expect(await running.ping({ ...ping, id: 'nobody' })).toBe(false);
  });

  it('opens an incident for a job that has been silent over a restart', async () => {
    let now = Date.now();
    const before = await watch([], { heartbeats: [nightly], now: () => now });
    await before.running.ping(ping);
    await before.stop();
    now += 3_600_001;
    const opened = new Promise<void>((resolve) => {
      void watch([], { heartbeats: [nightly], now: () => now, onSignals: resolve });
    });
    await opened;
    expect(await ground.db.incidents.unresolved()).toMatchObject([
      { key: 'heartbeat:nightly', title: 'Nightly did not report success' },
    ]);
  });
});
