import { exposureTableOf } from '../analysis/exposure-table.ts';
import { headerPicture } from '../analysis/header-picture.ts';
import { tlsPicture } from '../analysis/tls-picture.ts';
import type { Pictured, PicturePort } from '../api/pictures.ts';
import type { ExposureRow } from '../core/exposure-table.ts';
import type { FactBundle } from '../core/facts/bundle.ts';
import type { FactKey } from '../core/facts/index.ts';
import type { HeaderPicture } from '../core/header-verdict.ts';
import type { Target } from '../core/target.ts';
import type { TlsPicture } from '../core/tls-picture.ts';
import type { AuditRow } from '../store/repositories/audits.ts';
import { rfc3339, type ServiceCore } from './core.ts';

/** What one audit saw, reduced to what is asked for. */
interface Seen {
  audit: AuditRow;
  facts: FactBundle['facts'];
  target: Target | null;
}

/** A picture, or why there is none. */
type Drawn<T> = { picture: T } | { absence: string };

/** Pictures of the newest audit's facts. */
export function picturePort({ db, now }: Pick<ServiceCore, 'db' | 'now'>): PicturePort {
  /** Only the facts that are needed are read: others may be megabytes. */
  async function look<T>(
    targetId: string,
    keys: readonly FactKey[],
    draw: (seen: Seen) => Drawn<T> | Promise<Drawn<T>>,
  ): Promise<Pictured<T> | null> {
    const audit = await db.audits.latest(targetId);
    if (!audit) return null;
    const about = { auditId: audit.id, at: rfc3339(audit.finishedAt) };
    if (!audit.facts) return { ...about, picture: null, absence: 'the facts of this audit are no longer kept' };
    const parts = Object.fromEntries(
      Object.entries(audit.facts.parts).filter(([key]) => keys.some((one) => one === key)),
    );
    const { bundle, target } = await db.facts.load(targetId, { ...audit.facts, parts });
    const drawn = await draw({ audit, facts: bundle.facts, target });
    return 'picture' in drawn
      ? { ...about, picture: drawn.picture, absence: null }
      : { ...about, picture: null, absence: drawn.absence };
  }

  return {
    headers: (id) =>
      look<HeaderPicture>(id, ['http'], async ({ facts: { http }, audit }) => {
        if (!http?.ok) return { absence: http?.absence.reason ?? 'no web page was asked for' };
        const findings = await db.findings.current(id);
        return { picture: headerPicture(http.value, findings, audit.finishedAt) };
      }),
    tls: (id) =>
      look<TlsPicture>(id, ['tls'], ({ facts: { tls } }) =>
        tls?.ok
          ? { picture: tlsPicture(tls.value, now()) }
          : { absence: tls?.absence.reason ?? 'TLS was not asked for' },
      ),
    exposure: (id) =>
      look<ExposureRow[]>(id, ['host.listen', 'host.firewall', 'ports'], ({ facts, target }) => {
        const table = target && exposureTableOf(target, facts);
        if (table) return { picture: table };
        const absent = [facts['host.listen'], facts.ports].find((one) => one && !one.ok);
        return { absence: absent && !absent.ok ? absent.absence.reason : 'neither sockets nor ports were asked for' };
      }),
  };
}
