import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { SEVERITIES } from '../core/severity.ts';

/** Figures that are read when somebody asks for them. */
export interface Readings {
  findings(): Promise<{ targetId: string; status: string; severity: string; count: number }[]>;
  outbox(): Promise<{ pending: number; oldest: number | null }>;
  scheduler(): { scheduled: number; waiting: number; running: number };
  monitors(): Promise<{ id: string; state: string }[]>;
  /** Epoch ms. */
  now(): number;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** All metrics of one service. Names start with `seaworthy_`; instants and durations are seconds, as Prometheus wants it. */
export function createMetrics(version: string, readings: Readings) {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const seconds = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Histogram({ name: `seaworthy_${name}`, help, labelNames, buckets: SECONDS, registers });
  const count = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `seaworthy_${name}`, help, labelNames, registers });

  // Event loop delay, memory, CPU, open handles and garbage collection.
  collectDefaultMetrics({ register: registry, prefix: 'seaworthy_' });
  new Gauge({
    name: 'seaworthy_build_info',
    help: 'Always 1; the version is a label',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);

  new Gauge({
    name: 'seaworthy_findings',
    help: 'Current findings',
    labelNames: ['target', 'status', 'severity'],
    registers,
    async collect() {
      this.reset();
      for (const { targetId, status, severity, count: n } of await readings.findings()) {
        this.set({ target: targetId, status, severity }, n);
      }
    },
  });
  new Gauge({
    name: 'seaworthy_failing_findings',
    help: 'Failing findings of all targets by severity',
    labelNames: ['severity'],
    registers,
    async collect() {
      const failing = (await readings.findings()).filter((one) => one.status === 'fail');
      for (const severity of SEVERITIES) {
        this.set(
          { severity },
          failing.filter((one) => one.severity === severity).reduce((sum, one) => sum + one.count, 0),
        );
      }
    },
  });
  new Gauge({
    name: 'seaworthy_outbox_oldest_seconds',
    help: 'Age of the oldest message that waits; 0 where none does',
    registers,
    async collect() {
      const { oldest } = await readings.outbox();
      this.set(oldest === null ? 0 : Math.max(0, readings.now() - oldest) / 1_000);
    },
  });
  new Gauge({
    name: 'seaworthy_outbox_pending',
    help: 'Messages that wait to be delivered',
    registers,
    async collect() {
      this.set((await readings.outbox()).pending);
    },
  });
  new Gauge({
    name: 'seaworthy_audits_queued',
    help: 'Audits by what they are doing',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, n] of Object.entries(readings.scheduler())) this.set({ state }, n);
    },
  });
  new Gauge({
    name: 'seaworthy_monitor_up',
    help: '1 = up, 0 = down; unknown ones are left out',
    labelNames: ['monitor'],
    registers,
    async collect() {
      this.reset();
      for (const { id, state } of await readings.monitors())
        if (state !== 'unknown') this.set({ monitor: id }, state === 'up' ? 1 : 0);
    },
  });

  return {
    registry,
    audits: count('audits_total', 'Finished audits', ['trigger', 'result']),
    auditSeconds: seconds('audit_duration_seconds', 'How long audits took', ['kind']),
    probeSeconds: seconds('probe_duration_seconds', 'How long probes took', ['probe', 'result']),
    latenessSeconds: seconds('schedule_lateness_seconds', 'How late scheduled audits began'),
    beats: count('beats_total', 'Looks of monitors by what they saw', ['state']),
    beatLatenessSeconds: seconds('beat_lateness_seconds', 'How late looks of monitors began'),
    deliveries: count('deliveries_total', 'Attempts to deliver a message', ['outcome']),
    missingSteps: new Gauge({
      name: 'seaworthy_escalation_steps_missing',
      help: 'Steps of escalations that were due and left no message',
      registers,
    }),
    deadManPings: count('dead_man_pings_total', "Signs of life to the dead man's switch", ['result']),
    httpRequests: count('http_requests_total', 'Requests answered', ['method', 'route', 'status']),
    httpSeconds: seconds('http_request_duration_seconds', 'How long answers took', ['method', 'route']),
    configReloads: count('config_reloads_total', 'Times the configuration was read again', ['result']),
    configValid: new Gauge({
      name: 'seaworthy_config_valid',
      help: '0 while the file on disk is refused and an older configuration runs',
      registers,
    }),
    crashes: count('crashes_total', 'Errors that nobody foresaw', ['where']),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
