import { z } from 'zod';
import { comesRound } from '../time/cron.ts';
import { type Imported, idMaker, nothingYet, seconds } from './imported.ts';

/** The answer of `GET /api/v3/checks/` (also v1 and v2). */
const fileSchema = z.looseObject({
  checks: z.array(
    z.looseObject({
      name: z.string().nullish(),
      slug: z.string().nullish(),
      uuid: z.string().nullish(),
      unique_key: z.string().nullish(),
      ping_url: z.string().nullish(),
      tags: z.string().nullish(),
      status: z.string().nullish(),
      grace: z.number(),
      timeout: z.number().nullish(),
      schedule: z.string().nullish(),
      tz: z.string().nullish(),
      manual_resume: z.boolean().nullish(),
      filter_subject: z.boolean().nullish(),
      filter_body: z.boolean().nullish(),
    }),
  ),
});

/** An export of Healthchecks. The id of each heartbeat is its slug, so that `/ping/slug` stays what it was. */
export function fromHealthchecks(json: unknown): Imported {
  const out = nothingYet();
  const idOf = idMaker();
  for (const check of fileSchema.parse(json).checks) {
    const name = check.name || check.slug || check.uuid || check.unique_key || 'unnamed';
    const id = idOf(check.slug || name);
    const lost = (what: string): void => void out.notes.push(`check "${name}": ${what}`);
    if (check.status === 'paused') {
      lost('paused there, so left out');
      continue;
    }
    if (check.manual_resume) lost('manual resume is not carried over');
    if (check.filter_subject || check.filter_body) lost('filters of mails are not carried over');
    const grace = seconds(Math.min(check.grace, 31 * 86_400));
    const tags = (check.tags ?? '').split(' ').filter(Boolean);
    const labels = tags.length > 0 ? { labels: { tags: tags.join(' ') } } : {};
    if (check.schedule) {
      if (!isCron(check.schedule)) {
        lost(`its schedule "${check.schedule}" is not a cron line of five fields; it is left out`);
        continue;
      }
      out.targets.push({
        id,
        name,
        ...labels,
        heartbeat: { cron: check.schedule, timeZone: check.tz ?? 'UTC', grace },
      });
    } else {
      const every = seconds(Math.min(Math.max(check.timeout ?? 86_400, 10), 400 * 86_400));
      out.targets.push({ id, name, ...labels, heartbeat: { every, grace } });
    }
  }
  if (out.targets.length > 0) out.notes.push('jobs have to call our ping address from now on: /ping/ and the id');
  return out;
}

function isCron(text: string): boolean {
  try {
    return comesRound(text);
  } catch {
    return false;
  }
}
