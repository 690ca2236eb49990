import { CHECKS } from '../../checks/index.ts';
import { headerPicture } from '../../src/analysis/header-picture.ts';
import { tlsPicture } from '../../src/analysis/tls-picture.ts';
import { type ApiOptions, createApi } from '../../src/api/app.ts';
import type { Identity } from '../../src/api/env.ts';
import { createEventHub } from '../../src/api/event-hub.ts';
import { hashSecret, newToken } from '../../src/api/identity.ts';
import type { MonitorItem } from '../../src/api/monitors.ts';
import { pageOf } from '../../src/api/paging.ts';
import { ROLES, type Role } from '../../src/api/permissions.ts';
import type { ApiPorts, Ping, RecordPort } from '../../src/api/ports.ts';
import type { AuditItem, ListedFinding, TargetDetail } from '../../src/api/schemas.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { exampleTls } from '../../src/core/facts/examples-tls.ts';
import type { PublicIncident } from '../../src/core/incident.ts';
import type { TargetReport } from '../../src/core/report.ts';

export const NOW = Date.parse('2026-11-20T12:00:00Z');
const at = new Date(NOW).toISOString();
const score = { score: 84, grade: 'B+', coverage: 1, cappedBy: null } as const;

export function exampleFinding(n: number, change: Partial<ListedFinding> = {}): ListedFinding {
  return {
    fingerprint: `f${String(n).padStart(4, '0')}`,
    check: 'headers.content-type-options',
    category: 'headers',
    title: 'X-Content-Type-Options is nosniff',
    status: 'fail',
    severity: 'medium',
    subject: `subject ${n}`,
    message: 'X-Content-Type-Options is missing',
    references: [],
    waiver: null,
    target: 'shop-web',
    since: at,
    firstSeenAt: at,
    ...change,
  };
}

const headers = headerPicture(exampleHttp({}), [exampleFinding(1)], NOW);
const report: TargetReport = { id: 'shop-web', kind: 'endpoint', name: 'Shop', ...score, categories: [], findings: [] };
const audit: AuditItem = {
  ...score,
  id: 'a1',
  target: 'shop-web',
  trigger: 'schedule',
  status: 'done',
  startedAt: at,
  finishedAt: at,
  counts: { pass: 3, fail: 1 },
  error: null,
};

function target(id: string): TargetDetail {
  return {
    ...score,
    id,
    kind: 'endpoint',
    name: id,
    service: 'shop',
    environment: 'production',
    lastAuditAt: at,
    nextAuditAt: null,
    auditing: false,
    failing: { medium: 1 },
    labels: {},
    schedule: 'every 6h',
    address: 'https://shop.example/',
    monitored: true,
    lastError: null,
  };
}

const spark = { from: at, stepMs: 3_600_000, latencyMs: [12, null], seen: 'u-' };
const monitors: MonitorItem[] = [
  {
    id: 'shop-web',
    target: 'shop-web',
    name: 'Shop <web>',
    kind: 'http',
    state: 'up',
    since: at,
    lastBeatAt: at,
    latencyMs: 12,
    reason: null,
    uptime: { day: 1, week: 1, month: null },
    spark,
  },
  {
    id: 'shop-2',
    target: 'shop-2',
    name: 'Secret shop',
    kind: 'http',
    state: 'down',
    since: at,
    lastBeatAt: at,
    latencyMs: null,
    reason: 'refused',
    uptime: { day: 0, week: 0, month: 0 },
    spark,
  },
];

function incident(id: string, change: Partial<PublicIncident> = {}): PublicIncident {
  return {
    id,
    key: 'audit:shop-web',
    state: 'open',
    severity: 'high',
    title: 'TLS 1.0 is offered',
    service: 'shop',
    target: 'shop-web',
    source: 'audit',
    labels: {},
    openedAt: at,
    acknowledgedAt: null,
    resolvedAt: null,
    timeline: [],
    ...change,
  };
}

function records<T extends { id: string }>(): RecordPort<T> & { kept: T[] } {
  const kept: T[] = [];
  return {
    kept,
    list: async () => kept,
    async add(input, actor) {
      const made = {
        ...input,
        id: `r${kept.length + 1}`,
        createdAt: at,
        createdBy: actor,
        active: true,
        source: 'run-time',
      } as unknown as T;
      kept.push(made);
      return made;
    },
    async remove(id) {
      const index = kept.findIndex((one) => one.id === id);
      if (index >= 0) kept.splice(index, 1);
      return index >= 0;
    },
  };
}

/** An API over data in memory, and a token of every role. */
export function fakeApi(options: ApiOptions & { change?: (ports: ApiPorts) => void } = {}) {
  const targets = ['shop-1', 'shop-2', 'shop-web'].map(target);
  const findings = [1, 2, 3, 4, 5].map((n) => exampleFinding(n, n === 3 ? { severity: 'critical' } : {}));
  const tokens = Object.fromEntries(ROLES.map((role) => [role, newToken()])) as Record<Role, string>;
  const sessions = new Map<string, Identity>();
  const pings: Ping[] = [];
  const deployments = records<never>();
  const ports: ApiPorts = {
    now: () => NOW,
    version: '0.1.0',
    checks: CHECKS,
    fleet: {
      targets: async () => targets,
      target: async (id) => targets.find((one) => one.id === id) ?? null,
      scorecard: async () => ({ generatedAt: at, services: [] }),
      service: async (id) =>
        id === 'shop'
          ? {
              ...score,
              id,
              name: 'Shop',
              owner: 'ana',
              tier: 1,
              environment: 'production',
              categories: [],
              targets,
              failing: {},
              runbook: null,
              dependsOn: [],
              readiness: [],
            }
          : null,
      report: async (id) => (id === 'shop-web' ? report : null),
      findings: async () => findings,
      history: async () => [{ auditId: 'a1', at, score: 84, grade: 'B+', coverage: 1, algorithm: 1 }],
      changes: async () => [],
    },
    pictures: {
      headers: async (id) => (id === 'shop-web' ? { auditId: 'a1', at, absence: null, picture: headers } : null),
      tls: async (id) =>
        id === 'shop-web' ? { auditId: 'a1', at, absence: null, picture: tlsPicture(exampleTls(), NOW) } : null,
      exposure: async (id) =>
        id === 'shop-web' ? { auditId: 'a1', at, absence: 'no sockets were asked for', picture: null } : null,
    },
    audits: {
      page: async () => ({ items: [audit], nextCursor: null }),
      get: async (id) => (id === 'a1' ? { item: audit, report } : null),
      start: (id) => ({ id: `audit-of-${id}`, started: true }),
      replay: async (id) => (id === 'a1' ? report : null),
    },
    monitors: {
      some: async ({ ids = [], targets = [] }) =>
        monitors.filter((one) => ids.includes(one.id) || targets.includes(one.target)),
      page: async (query) => ({
        ...pageOf(monitors, (one) => one.id, query),
        total: monitors.length,
        counts: { up: 1, down: 1, unknown: 0 },
      }),
      beats: async (id) => {
        const phases = { resolve: null, connect: 1, tls: 3, firstByte: 7, transfer: 1 };
        return id === 'shop-web' ? [{ at, up: 1, down: 0, unknown: 0, latencyMs: 12, phases }] : null;
      },
      uptime: async () => [
        {
          target: 'shop-web',
          name: 'Shop',
          from: at,
          to: at,
          uptime: 0.99999,
          observed: 1,
          upMs: 1,
          downMs: 0,
          unknownMs: 0,
          maintenanceMs: 0,
        },
      ],
      slos: async () => [],
      async ping(ping) {
        if (ping.id !== 'nightly') return false;
        pings.push(ping);
        return true;
      },
    },
    incidents: {
      page: async () => ({ items: [incident('i1')], nextCursor: null }),
      get: async (id) => (id === 'i1' ? incident(id) : null),
      context: async (id) =>
        id === 'i1'
          ? { runbook: null, holds: [{ way: 'channel:hook', reason: 'silenced', until: at }], sameKey: [] }
          : null,
      acknowledge: async (id, actor, text) =>
        id === 'i1'
          ? incident(id, { state: 'acknowledged', timeline: [{ at, type: 'acknowledged', text: `${actor}: ${text}` }] })
          : null,
      resolve: async (id) => (id === 'i1' ? incident(id, { state: 'resolved' }) : null),
      note: async (id, actor, text) =>
        id === 'i1' ? incident(id, { timeline: [{ at, type: 'note', text: `${actor}: ${text}` }] }) : null,
    },
    onCall: {
      schedules: async () => [
        {
          id: 'primary',
          timeZone: 'UTC',
          now: { person: 'ana', name: 'Ana', until: at },
          shifts: [{ from: at, to: at, person: 'ana', via: 'layer' }],
          calendar: '/calendar/x',
        },
      ],
      people: async () => [],
      overrides: async () => [],
      addOverride: async (input, actor) => ({ ...input, id: 'o1', createdAt: at, createdBy: actor, active: true }),
      removeOverride: async (id) => id === 'o1',
      routeTest: async () => ({ at, held: null, nobody: 'no route matches', ways: [] }),
    },
    external: { take: async () => {} },
    calendars: {
      address: async () => '/calendar/x',
      feed: async (_kind, id, key) => (id === 'primary' && key === 'k' ? 'BEGIN:VCALENDAR' : null),
    },
    waivers: records(),
    silences: records(),
    maintenance: records(),
    attestations: records(),
    deployments: { add: deployments.add, page: async () => ({ items: deployments.kept, nextCursor: null }) },
    gate: async () => ({
      schemaVersion: 1,
      verdict: 'pass',
      regressions: [],
      lostCoverage: [],
      fixed: [],
      tolerated: [],
      existing: [],
      waived: [],
      expiredWaivers: [],
      score: { before: 84, after: 84 },
      reasons: [],
    }),
    identities: {
      async token(hash) {
        const role = ROLES.find((one) => hashSecret(tokens[one]) === hash);
        return role ? { name: `the ${role}`, role, via: 'token' } : null;
      },
      session: async (hash) => sessions.get(hash) ?? null,
      async openSession({ hash, identity }) {
        sessions.set(hash, identity);
      },
      async closeSession(hash) {
        sessions.delete(hash);
      },
    },
    events: createEventHub('e'),
    publish: () => ({ status: ['shop-web'], badges: ['shop-web'], metrics: false }),
    ready: async () => [{ name: 'store', ok: true, detail: 'open' }],
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'seaworthy_up 1\n' }),
  };
  options.change?.(ports);
  const app = createApi(ports, options);
  const as = (role: Role) => ({ Authorization: `Bearer ${tokens[role]}` });
  const call = async (role: Role | null, method: string, path: string, body?: unknown) => {
    const answer = await app.request(path, {
      method,
      headers: { ...(role ? as(role) : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer;
  };
  return { app, ports, tokens, as, call, pings };
}
