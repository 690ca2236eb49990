import type { ApiPorts } from '../api/ports.ts';
import { formatBaseline, mergeBaseline, parseBaseline, toBaseline } from '../core/baseline.ts';
import { gate } from '../core/gate.ts';
import type { ServiceCore } from './core.ts';

/** Compares an audit with the stored baseline of that name. The first audit under a name becomes its baseline. */
export function gatePort({ db, store, config, now }: ServiceCore): ApiPorts['gate'] {
  return async (report, { baseline: name, failOn, minScore, maxUnknown, updateBaseline }) => {
    const kept = await db.baselines.get(name);
    const before = kept && parseBaseline(JSON.stringify(kept.report), `the stored baseline "${name}"`);
    const newer = toBaseline(report);
    const waivers = [...config.current().waivers, ...(await db.waivers.list())];
    const answer = gate(report, before ?? newer, { failOn, minScore, maxUnknown, waivers, now: now() });
    const first = before === null && answer.verdict !== 'could-not-look';
    if (first || (updateBaseline && answer.verdict === 'pass')) {
      const asked = new Set(report.targets.flatMap(({ id, findings }) => findings.map((one) => `${id}\0${one.check}`)));
      const merged: unknown = JSON.parse(formatBaseline(mergeBaseline(before, newer, asked)));
      await store.write((q) =>
        db.baselines.put(q, { name, auditId: null, createdAt: now(), createdBy: null, report: merged }),
      );
    }
    return first
      ? { ...answer, reasons: [...answer.reasons, `there was no baseline "${name}"; this audit is it now`] }
      : answer;
  };
}
