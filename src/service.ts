import { randomBytes } from 'node:crypto';
import { CHECKS } from '../checks/index.ts';
import { createEventHub } from './api/event-hub.ts';
import { createLoginCodes } from './api/login-codes.ts';
import type { Recognise } from './audit/recognised.ts';
import { type Clock, createScheduler, SYSTEM_CLOCK } from './audit/scheduler.ts';
import type { Config } from './config/config.ts';
import { loadConfig } from './config/load.ts';
import { formatProblem } from './config/problem.ts';
import { createLog, type Logger } from './ops/log.ts';
import { createMetrics } from './ops/metrics.ts';
import { createCrashReporter } from './ops/sentry.ts';
import { PROBES } from './probes/index.ts';
import { createAlerts } from './service/alerts.ts';
import { createAnswer } from './service/answer.ts';
import { type AuditTroubles, auditEntries, createAuditRunner } from './service/audit-runner.ts';
import { builtInConfig } from './service/built-in.ts';
import type { ServiceCore } from './service/core.ts';
import { type ExternalAlerts, startExternalAlerts } from './service/external-alerts.ts';
import { startHousekeeping, tidy } from './service/housekeeping.ts';
import { type Listen, startHttpServer } from './service/http-server.ts';
import { createRunningConfig } from './service/running-config.ts';
import { startSloWatch } from './service/slo-watch.ts';
import { withUptime } from './service/uptime-facts.ts';
import { startWatchdog, type Watchdog } from './service/watchdog.ts';
import { startWatching, type Watching } from './service/watching.ts';
import { newId } from './store/id.ts';
import { openStore } from './store/open.ts';
import { repositories } from './store/repositories/index.ts';

export interface ServiceOptions {
  /** Configuration file or folder; `null` = the built-in one: this machine and the service itself. */
  configPath: string | null;
  /** `sqlite:/path` or `postgres://…`. */
  storeUrl: string;
  listen: Listen;
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Says what speaks at a port that is given without a scheme. */
  recognise: Recognise;
  /** The URL that people use, where a proxy stands in front; https makes cookies `Secure` and sends HSTS. */
  publicUrl?: string | undefined;
  log?: Logger;
  clock?: Clock;
  /** Audits that run at once. */
  concurrency?: number;
}

export interface Service {
  /** Address of the API and the dashboard. */
  url: string;
  /** Logs an administrator in, once. */
  loginUrl: string;
  /** What is watched over, for the greeting. */
  targets(): { id: string; name: string; kind: string }[];
  /** Reads the configuration again; an invalid one is refused and the running one stays. */
  reload(): Promise<'changed' | 'refused' | 'nothing-to-read'>;
  /** Stops accepting, drains, flushes, closes. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long audits and requests that are under way may go on after the stop. */
const DRAIN_MS = 20_000;
const HTTP_GRACE_MS = 3_000;

const starting = () => new Response('The service is starting.\n', { status: 503, headers: { 'Retry-After': '1' } });

/** Opens the store, takes up the configuration and starts everything. @throws AppError where it cannot. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { version, env, configPath } = options;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const now = () => clock.now();
  const log = options.log ?? createLog({ version, level: env.SEAWORTHY_LOG ?? 'info', pretty: process.stderr.isTTY });
  const load = configPath === null ? null : () => loadConfig(configPath, { checks: CHECKS, env, purpose: 'serve' });
  const fromFile = load?.() ?? null;
  const crashes = await createCrashReporter(env.SENTRY_DSN, { version, environment: env.SENTRY_ENVIRONMENT });
  const onLost = () => log.fatal('another process may hold the store now; restart this one');
  const store = await openStore({ url: options.storeUrl, now: now(), exclusive: true, onLost });
  // The port has to be known before the built-in configuration can name it.
  let answer: (request: Request, env: object) => Response | Promise<Response> = starting;
  const server = await startHttpServer((request, more) => answer(request, more), options.listen).catch(
    async (error) => {
      await store.close();
      throw error;
    },
  );

  const db = repositories(store);
  const events = createEventHub(randomBytes(4).toString('hex'));
  const troubles: AuditTroubles = new Map();
  const metrics = createMetrics(version, {
    findings: () => db.findings.counts(),
    outbox: () => db.outbox.depth(),
    scheduler: () => scheduler.counts,
    monitors: async () => [...(await db.monitors.states()).values()].map(({ monitorId: id, state }) => ({ id, state })),
    now,
  });
  metrics.configValid.set(1);
  const broke = (where: string, thrown: unknown, fields: object = {}) => {
    metrics.crashes.inc({ where });
    crashes.report(thrown, where);
    log.error({ err: thrown, where, ...fields }, 'something broke');
  };
  const alerts = createAlerts({
    store,
    db,
    clock,
    config: () => config.current(),
    onChange: (ids) => ids.map((incident) => events.publish('incident.changed', { incident })),
    onOwed: () => watching?.wakeDelivery(),
    onTrouble: (thrown) => broke('alerting', thrown),
  });
  const config = createRunningConfig({
    initial: fromFile ?? builtInConfig(server.listen),
    load,
    now,
    async onChange(changed) {
      metrics.configReloads.inc({ result: 'changed' });
      metrics.configValid.set(1);
      await adopt(changed);
      log.info({ targets: changed.targets.length }, 'configuration taken up');
      events.publish('config.reloaded', { targets: changed.targets.length });
    },
    onRefused(problems) {
      metrics.configReloads.inc({ result: 'refused' });
      metrics.configValid.set(0);
      log.error({ problems }, 'the configuration on disk is invalid; the earlier one stays');
      events.publish('config.reloaded', { problems: problems.length });
    },
  });
  const scheduler = createScheduler({
    clock,
    concurrency: options.concurrency ?? 6,
    newId,
    run: createAuditRunner(
      () => core,
      { probes: withUptime(PROBES, () => core), recognise: options.recognise, metrics, crashes },
      troubles,
    ),
    onLateness: (ms) => metrics.latenessSeconds.observe(ms / 1_000),
  });
  const core: ServiceCore = { version, now, checks: CHECKS, store, db, config, scheduler, alerts, events, log };
  let watching: Watching | undefined;

  async function adopt(next: Config): Promise<void> {
    for (const warning of next.warnings) log.warn(formatProblem(warning));
    const targets = next.targets.map(({ target }) => target);
    await store.write((q) => db.targets.replaceAll(q, targets, now()));
    scheduler.set(auditEntries(next, await db.audits.lastAuditAt()));
    await watching?.adopt(next);
    await alerts.look();
  }

  const heartbeats = () => config.current().targets.flatMap(({ heartbeat }) => heartbeat?.id ?? []);
  const stopTidying = startHousekeeping(
    clock,
    () => tidy(store, db, now(), heartbeats()),
    (thrown) => broke('housekeeping', thrown),
  );
  const codes = createLoginCodes();
  const secure = options.publicUrl?.startsWith('https:') ?? false;
  const onCrash = (thrown: unknown, fields: object) => broke('api', thrown, fields);
  let stopping: Promise<void> | undefined;
  let external: ExternalAlerts | undefined;
  let watchdog: Watchdog | undefined;
  let slos: { stop(): void } | undefined;

  async function stop(): Promise<void> {
    log.info(scheduler.counts, 'stopping');
    config.close();
    stopTidying();
    watchdog?.stop();
    external?.stop();
    slos?.stop();
    alerts.stop();
    events.close();
    await within(
      DRAIN_MS + 5_000,
      'audits and requests',
      Promise.all([server.close(HTTP_GRACE_MS), scheduler.drain(DRAIN_MS)]),
    );
    await within(10_000, 'monitors and deliveries', Promise.resolve(watching?.stop()));
    await store.close();
    await crashes.flush(2_000);
    log.info('stopped');
  }
  /** A part that does not end must not keep the store from being closed. */
  async function within(ms: number, what: string, work: Promise<unknown>): Promise<void> {
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(ms, () => {
        log.warn({ what }, 'did not end in time');
        resolve();
      });
    });
    await Promise.race([work, late]);
    cancel();
  }
  const stopOnce = () => {
    stopping ??= stop();
    return stopping;
  };

  try {
    watching = await startWatching(core, {
      metrics,
      onTrouble: (thrown) => broke('watching', thrown),
      dashboard: options.publicUrl?.replace(/\/$/, ''),
    });
    await adopt(config.current());
    const { deliveryLookedAt } = watching;
    watchdog = startWatchdog(core, {
      clock,
      metrics,
      deliveryLookedAt,
      onTrouble: (thrown) => broke('watchdog', thrown),
    });
    external = startExternalAlerts(core, (thrown) => broke('external alerts', thrown));
    slos = startSloWatch(core, clock, (thrown) => broke('objectives', thrown));
    answer = createAnswer(core, { watching, external, metrics, troubles, codes, secure, onCrash }).fetch;
    config.watch();
  } catch (error) {
    await stopOnce();
    throw error;
  }
  const { host, port } = server.listen;
  const local = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = (options.publicUrl ?? `http://${local.includes(':') ? `[${local}]` : local}:${port}`).replace(/\/$/, '');
  return {
    url,
    loginUrl: `${url}/login#code=${codes.create('admin', now())}`,
    targets: () => config.current().targets.map(({ target: { id, name, kind } }) => ({ id, name, kind })),
    reload: () => config.reload(),
    stop: stopOnce,
  };
}
