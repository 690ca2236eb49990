import { describe, it } from 'vitest';
import { missingPackages } from '../../support/packages.ts';

const NEEDED = ['openssh-server', 'sudo', 'nftables', 'iproute2'];

/** What this machine lacks for hosts of the lab, as a noun phrase; `null` where nothing does. */
export function labLacks(more: readonly string[] = []): string | null {
  if (process.platform !== 'linux') return 'Linux';
  if (process.getuid?.() !== 0) return 'root';
  const packages = missingPackages().filter((name) => NEEDED.includes(name) || more.includes(name));
  return packages.length > 0 ? `the packages ${packages.join(', ')}` : null;
}

/**
 * `describe` for tests that need hosts of the lab. Elsewhere every one of them is listed as skipped, by name, with what is
 * missing; with CI=true that is a failure.
 */
export function describeLab(name: string, tests: () => void, more: readonly string[] = []): void {
  const lacks = labLacks(more);
  if (lacks === null) {
    describe(name, tests);
    return;
  }
  describe.skip(`${name} (needs ${lacks})`, tests);
  if (process.env.CI === 'true') {
    it(`${name}: can run`, () => {
      throw new Error(`the lab needs ${lacks}`);
    });
  }
}
