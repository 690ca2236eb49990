import { type Finding, fingerprint } from './finding.ts';

/** What the identity of a leak's finding is made of. */
export function leakIdentity(leak: string): string {
  return `leak:${leak}`;
}

/** The secrets that a finding is about: keyed hashes, the same at every place. `details.leaks` where they are several. */
export function leakFingerprints(finding: Pick<Finding, 'details'>): string[] {
  const { fingerprint: one, leaks } = finding.details ?? {};
  const all = [one, ...(Array.isArray(leaks) ? leaks : [])];
  return all.filter((leak): leak is string => typeof leak === 'string' && /^[0-9a-f]{24}$/.test(leak));
}

/**
 * Fingerprints under which the same secret of the same repository is known to the checks of its files and of its history. A
 * secret that was deleted without a new one moves from one check to the other; that is no new leak.
 */
export function leakTwins(finding: Finding, target: string): string[] {
  const twins = ['secrets.repository', 'secrets.history'].filter((check) => check !== finding.check);
  if (twins.length !== 1) return [];
  return leakFingerprints(finding).flatMap((leak) =>
    twins.map((check) => fingerprint(check, target, leakIdentity(leak))),
  );
}
