import type { ApiPorts } from '../api/ports.ts';
import { ProblemError } from '../api/problem.ts';
import type { Attestation, Deployment, Maintenance, Silence, WaiverRecord } from '../api/records.ts';
import { REQUIREMENTS } from '../core/readiness.ts';
import { waiverEnd } from '../core/waiver.ts';
import { newId } from '../store/id.ts';
import { rfc3339, type ServiceCore } from './core.ts';

type Ports = Pick<ApiPorts, 'waivers' | 'silences' | 'maintenance' | 'attestations' | 'deployments'>;

/** Records that people make at run time; each change also stands in the journal. */
export function recordPorts({ db, store, config, checks, alerts, now }: ServiceCore): Ports {
  const stamp = (actor: string) => {
    const at = now();
    return { id: newId(at), createdAt: at, createdBy: actor };
  };
  const span = (row: { startsAt: number; endsAt: number }) => ({
    startsAt: rfc3339(row.startsAt),
    endsAt: rfc3339(row.endsAt),
    active: row.startsAt <= now() && now() < row.endsAt,
  });
  const end = (
    what: string,
    work: (q: Parameters<Parameters<typeof store.write>[0]>[0], id: string) => Promise<boolean>,
  ) => {
    return (id: string, actor: string): Promise<boolean> =>
      store.write(async (q) => {
        const done = await work(q, id);
        if (done)
          await db.journal.add(q, {
            id: newId(now()),
            at: now(),
            actor,
            action: `${what} ended`,
            subject: id,
            details: null,
          });
        return done;
      });
  };
  const refuse = (path: string, message: string) =>
    new ProblemError(422, `${path}: ${message}`, { errors: [{ in: 'json', path, message }] });

  return {
    waivers: {
      async list() {
        const stored = (await db.waivers.list()).map((one): WaiverRecord => {
          const { id, check, target, subject, until, reason, owner, createdBy } = one;
          const rest = { createdAt: rfc3339(one.createdAt), createdBy, active: waiverEnd(one) > now() };
          return {
            id,
            check,
            target: target ?? null,
            subject: subject ?? null,
            until,
            reason,
            owner,
            source: 'run-time',
            ...rest,
          };
        });
        const at = rfc3339(config.loadedAt());
        const written = config.current().waivers.map((one, index): WaiverRecord => {
          const { check, target, subject, until, reason, owner } = one;
          const rest = { createdAt: at, createdBy: 'configuration', active: waiverEnd(one) > now() };
          return {
            id: `configuration-${index}`,
            check,
            target: target ?? null,
            subject: subject ?? null,
            until,
            reason,
            owner,
            source: 'configuration',
            ...rest,
          };
        });
        return [...written, ...stored];
      },
      async add(input, actor) {
        const { check, target, subject, until, reason, owner } = input;
        const known = check.endsWith('.*')
          ? checks.some((one) => one.id.startsWith(check.slice(0, -1)))
          : checks.some((one) => one.id === check);
        if (!known) throw refuse('check', `there is no check "${check}"`);
        if (target !== null && !config.target(target)) throw refuse('target', `there is no target "${target}"`);
        const made = stamp(actor);
        const waiver = {
          check,
          until,
          reason,
          owner,
          ...(target === null ? {} : { target }),
          ...(subject === null ? {} : { subject }),
        };
        if (waiverEnd(waiver) <= now()) throw refuse('until', `${until} is over`);
        await store.write((q) => db.waivers.add(q, { ...waiver, ...made }));
        return { ...input, ...made, createdAt: rfc3339(made.createdAt), source: 'run-time', active: true };
      },
      remove: end('waiver', (q, id) => db.waivers.revoke(q, id, now())),
    },
    silences: {
      async list() {
        return (await db.silences.list(now())).map(
          (row): Silence => ({ ...row, ...span(row), createdAt: rfc3339(row.createdAt) }),
        );
      },
      async add(input, actor) {
        const row = {
          ...input,
          ...stamp(actor),
          startsAt: Date.parse(input.startsAt),
          endsAt: Date.parse(input.endsAt),
        };
        await store.write((q) => db.silences.add(q, row));
        await alerts.look();
        return { ...row, ...span(row), createdAt: rfc3339(row.createdAt) };
      },
      remove: async (id, actor) => {
        const done = await end('silence', (q, one) => db.silences.end(q, one, now()))(id, actor);
        await alerts.look();
        return done;
      },
    },
    maintenance: {
      async list() {
        return (await db.maintenance.list(now())).map(
          (row): Maintenance => ({ ...row, ...span(row), createdAt: rfc3339(row.createdAt) }),
        );
      },
      async add(input, actor) {
        const row = {
          ...input,
          ...stamp(actor),
          startsAt: Date.parse(input.startsAt),
          endsAt: Date.parse(input.endsAt),
        };
        await store.write((q) => db.maintenance.add(q, row));
        await alerts.look();
        return { ...row, ...span(row), createdAt: rfc3339(row.createdAt) };
      },
      remove: async (id, actor) => {
        const done = await end('maintenance window', (q, one) => db.maintenance.end(q, one, now()))(id, actor);
        await alerts.look();
        return done;
      },
    },
    attestations: {
      async list() {
        return (await db.attestations.list()).map((row): Attestation => {
          const { revokedAt: _revoked, ...rest } = row;
          return {
            ...rest,
            validUntil: rfc3339(row.validUntil),
            createdAt: rfc3339(row.createdAt),
            active: row.validUntil > now(),
          };
        });
      },
      async add(input, actor) {
        if (!REQUIREMENTS.some((one) => one.id === input.item))
          throw refuse('item', `the readiness list has no "${input.item}"`);
        if (!config.current().services.some((one) => one.id === input.service))
          throw refuse('service', `there is no service "${input.service}"`);
        const row = { ...input, ...stamp(actor), validUntil: Date.parse(input.validUntil) };
        if (row.validUntil <= now()) throw refuse('validUntil', 'must lie in the future');
        await store.write((q) => db.attestations.add(q, row));
        return {
          ...input,
          ...row,
          validUntil: rfc3339(row.validUntil),
          createdAt: rfc3339(row.createdAt),
          active: true,
        };
      },
      remove: end('attestation', (q, id) => db.attestations.revoke(q, id, now())),
    },
    deployments: {
      async add(input, actor) {
        const at = Date.parse(input.at);
        const id = newId(now());
        const { service, environment, version, commit, url } = input;
        await store.write((q) => db.deployments.add(q, { id, service, environment, version, commit, url, at, actor }));
        return { ...input, id, createdAt: rfc3339(now()), createdBy: actor };
      },
      async page(query) {
        const page = await db.deployments.page(query);
        const items = page.items.map((row): Deployment => {
          const { actor, at, ...rest } = row;
          return { ...rest, at: rfc3339(at), createdAt: rfc3339(at), createdBy: actor ?? 'unknown' };
        });
        return { items, nextCursor: page.nextCursor };
      },
    },
  };
}
