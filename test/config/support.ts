import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CHECKS } from '../../checks/index.ts';
import { loadConfig, resolveSources } from '../../src/config/load.ts';
import { ConfigError, formatProblem } from '../../src/config/problem.ts';
import { parseSource } from '../../src/config/source.ts';

/** A folder with these files in it. */
export function folder(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'seaworthy-config-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

/** A configuration from text, as if it were `seaworthy.yaml` in `dir`. */
export function configOf(
  text: string,
  { env = {}, dir = '/nowhere' }: { env?: Record<string, string>; dir?: string } = {},
) {
  const { source, problems } = parseSource(text, { name: 'seaworthy.yaml', path: join(dir, 'seaworthy.yaml'), dir });
  return resolveSources(source ? [source] : [], problems, { checks: CHECKS, env });
}

/** What is wrong with a text, one line each, as it is printed. */
export function problemsOf(text: string, more?: Parameters<typeof configOf>[1]): string[] {
  try {
    configOf(text, more);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatProblem);
    throw error;
  }
}

export const load = (path: string, env: Record<string, string> = {}) => loadConfig(path, { checks: CHECKS, env });
