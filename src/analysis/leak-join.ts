import type { Finding } from '../core/finding.ts';
import { leakFingerprints } from '../core/leak-identity.ts';
import { compareSeverity, SEVERITIES, type Severity, worstSeverity } from '../core/severity.ts';

/** Where the checks that know leaks see them: in what is committed, in what everybody is served, on a host. */
const WHERE: Record<string, 'committed' | 'served' | 'host'> = {
  'secrets.repository': 'committed',
  'secrets.history': 'committed',
  'secrets.staged': 'committed',
  'secrets.exposed-files': 'served',
  'secrets.served-code': 'served',
  'secrets.host-files': 'host',
  'host.plain-env-secrets': 'host',
};
const WORDS = { committed: 'in', served: 'served as', host: 'on the host in' } as const;
const SHOWN = 3;
const KEPT = 20;

/** A failing finding and the target that it is about. */
export interface PlacedLeak {
  target: string;
  finding: Finding;
}

/** Another place of the same secret, as `details.alsoIn` carries it. */
export interface OtherPlace {
  target: string;
  check: string;
  subject: string;
}

/**
 * One secret is one leak, and counts once per repository: what the files still have is a failure of `secrets.repository`, and
 * `secrets.history` mentions it as `info` until it is taken out of them.
 *
 * Says of every finding where else the same secret was seen: by the other checks, on the other targets. One that is both
 * committed and served is worth a step more than its worst place alone. `elsewhere` holds failing
 * findings of targets that are not judged now. Findings without a twin come back as they were.
 */
export function joinLeaks(
  placed: readonly PlacedLeak[],
  elsewhere: readonly PlacedLeak[] = [],
  mayRaise: (one: PlacedLeak) => boolean = () => true,
): PlacedLeak[] {
  const byLeak = new Map<string, PlacedLeak[]>();
  for (const one of [...placed, ...elsewhere]) {
    if (one.finding.status !== 'fail' || WHERE[one.finding.check] === undefined) continue;
    for (const leak of leakFingerprints(one.finding)) byLeak.set(leak, [...(byLeak.get(leak) ?? []), one]);
  }
  return placed.map((one) => {
    if (one.finding.status !== 'fail') return one;
    const group = [...new Set(leakFingerprints(one.finding).flatMap((leak) => byLeak.get(leak) ?? []))];
    const others = group.filter((other) => other !== one);
    return others.length === 0 ? one : joined(one, group, others, mayRaise(one));
  });
}

function joined(
  one: PlacedLeak,
  group: readonly PlacedLeak[],
  others: readonly PlacedLeak[],
  may: boolean,
): PlacedLeak {
  const { finding } = one;
  // What browsers are given on purpose is no worse for standing in the source too.
  const given = group.filter((other) => other.finding.details?.public !== true);
  const kinds = new Set(given.map((other) => WHERE[other.finding.check]));
  const both = kinds.has('committed') && kinds.has('served');
  const counted = may && others.some((other) => countsFor(other, one));
  const severity = counted ? 'info' : both && may ? stepUp(group) : finding.severity;
  const alsoIn: OtherPlace[] = others.map(({ target, finding: { check, subject } }) => ({ target, check, subject }));
  const phrases = others.slice(0, SHOWN).map((other) => {
    const where = WORDS[WHERE[other.finding.check] ?? 'committed'];
    return `also ${where} ${other.finding.subject}${other.target === one.target ? '' : ` (${other.target})`}`;
  });
  if (others.length > SHOWN) phrases.push(`and in ${others.length - SHOWN} more places`);
  if (counted) phrases.push('it counts as a leak of the files');
  else if (severity !== finding.severity) phrases.push(`both committed and served, hence ${severity}`);
  return {
    target: one.target,
    finding: {
      ...finding,
      severity,
      message: [finding.message, ...phrases].join('; '),
      details: { ...finding.details, alsoIn: alsoIn.slice(0, KEPT) },
    },
  };
}

/** Whether `tree` is the same leak in the files of the repository whose history `one` is about, and no milder there. */
function countsFor(tree: PlacedLeak, one: PlacedLeak): boolean {
  return (
    one.finding.check === 'secrets.history' &&
    tree.finding.check === 'secrets.repository' &&
    tree.target === one.target &&
    compareSeverity(tree.finding.severity, one.finding.severity) <= 0
  );
}

/** One step above the worst of them. */
function stepUp(group: readonly PlacedLeak[]): Severity {
  const worst = group.map(({ finding }) => finding.severity).reduce(worstSeverity);
  return SEVERITIES[Math.max(0, SEVERITIES.indexOf(worst) - 1)] ?? 'critical';
}
