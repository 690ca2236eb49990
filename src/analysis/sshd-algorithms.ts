import { fail, type Outcome, type Outcomes, outcomesOr, pass, unknown } from '../core/outcome.ts';
import { type AlgorithmRule, ruleFor } from '../knowledge/ssh-algorithms.ts';

/**
 * One outcome per algorithm that should be turned off; one pass where there is none. A name that the table does not know is
 * unknown, so that a new algorithm is neither praised nor condemned.
 */
export function judgeAlgorithms(
  offered: readonly string[],
  rules: readonly AlgorithmRule[],
  words: { kind: string; keyword: string },
): Outcomes {
  const outcomes: Outcome[] = [];
  for (const name of new Set(offered)) {
    const rule = ruleFor(rules, name);
    if (!rule) {
      outcomes.push(unknown(name, `this ${words.kind} is not in the table, which was last revised in 2026-11`));
    } else if (rule.verdict !== 'ok') {
      outcomes.push(
        fail(name, `${rule.reason} (known since ${rule.since}; ${rule.source})`, {
          seen: name,
          severity: rule.verdict === 'broken' ? 'high' : 'medium',
          remediation: `Turn it off: add "${words.keyword} -${name}" to /etc/ssh/sshd_config before any Match block, check with "sshd -t", and reload.`,
        }),
      );
    }
  }
  return outcomesOr(outcomes, pass(`every ${words.kind} offered is fine: ${offered.join(', ')}`));
}
