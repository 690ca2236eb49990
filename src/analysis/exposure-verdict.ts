import type { ExposureKind } from './exposure.ts';
import type { Audience, RulesSay } from './exposure-rules.ts';
import { answerOf } from './exposure-rules.ts';

/** What is known of one port before it gets its verdict. `null` = not known. */
export interface Evidence {
  declared: boolean;
  audience: Audience;
  /** Whether somebody would answer: a socket on an outside address, or a translation to another machine. */
  answers: boolean | null;
  /** Whether the auditor got through, and whether it is one of those that the port is declared for. */
  reachable: boolean | null;
  invited: boolean | null;
  rules: RulesSay | null;
  /** Whether who answers is not this host's own socket. */
  elsewhere: boolean;
}

export function kindOf(evidence: Evidence): ExposureKind {
  const { declared, audience, answers, elsewhere } = evidence;
  const strangers = openToStrangers(evidence);
  if (strangers === null) return 'unknown';
  if (strangers) {
    if (declared && audience.everybody) return 'intended';
    return elsewhere || unexplained(evidence) ? 'bypasses' : 'exposed';
  }
  if (declared) {
    const open = audience.everybody ? false : openToAudience(evidence);
    return open === null ? 'unknown' : open ? 'intended' : 'missing';
  }
  return answers === false ? 'local' : 'blocked';
}

/** The auditor got through where the rules would have turned it away: something lets packets past them. */
function unexplained({ reachable, rules }: Evidence): boolean {
  return reachable === true && rules?.auditor === 'denied';
}

function openToStrangers(evidence: Evidence): boolean | null {
  const { reachable, rules, answers, audience, invited } = evidence;
  const said = rules ? answerOf(rules.stranger) : 'unknown';
  if (reachable === false) return false;
  if (reachable === true) {
    // The rules name the auditor and keep strangers out.
    if (said === 'denied' && rules?.auditor === 'accept') return false;
    if (said === 'denied' && rules?.auditor === null && evidence.declared && !audience.everybody) return false;
    // One of the invited got in; of the others nothing is known.
    if (said === 'unknown' && !audience.everybody && invited !== false && evidence.declared) return null;
    return true;
  }
  if (answers === false || said === 'denied') return false;
  return said === 'accept' && answers === true ? true : null;
}

/** Asked only where strangers stay outside. */
function openToAudience({ reachable, invited, rules, answers }: Evidence): boolean | null {
  if (reachable === true && invited === true) return true;
  if (answers === false || rules?.audience === 'denied') return false;
  if (reachable === false && invited === true) return false;
  return rules?.audience === 'accept' && answers === true ? true : null;
}
