import { randomBytes } from 'node:crypto';
import { sameSecret } from './identity.ts';
import type { Role } from './permissions.ts';

const LIFE_MS = 24 * 3_600_000;

/** Codes of log-in links. They live in memory only: a restart makes old links useless. */
export interface LoginCodes {
  create(role: Role, now: number): string;
  /** The role of a code that is still good; it is not good a second time. */
  redeem(code: string, now: number): Role | null;
}

export function createLoginCodes(): LoginCodes {
  let codes: { code: string; role: Role; until: number }[] = [];
  return {
    create(role, now) {
      const code = randomBytes(24).toString('base64url');
      codes.push({ code, role, until: now + LIFE_MS });
      return code;
    },
    redeem(code, now) {
      const found = codes.find((one) => sameSecret(one.code, code) && one.until > now);
      codes = codes.filter((one) => one !== found && one.until > now);
      return found?.role ?? null;
    },
  };
}
