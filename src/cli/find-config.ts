import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CHECKS } from '../../checks/index.ts';
import { type Config, emptyConfig } from '../config/config.ts';
import type { LoadOptions } from '../config/load.ts';
import { loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import type { Io } from './io.ts';

export { CONFIG_OPTION } from './option-values.ts';

/** The path of the configuration: the one named, else the one that lies here; `null` where there is none. */
export function configPath(named: string | undefined, io: Pick<Io, 'cwd' | 'env'>): string | null {
  const given = named ?? io.env.SEAWORTHY_CONFIG;
  if (given !== undefined) return given;
  const found = ['seaworthy.yaml', 'seaworthy.yml'].find((name) => existsSync(join(io.cwd, name)));
  return found === undefined ? null : relative(process.cwd(), join(io.cwd, found));
}

/** The configuration of a run, or an empty one. Its warnings go to stderr. */
export function findConfig(
  named: string | undefined,
  io: Pick<Io, 'cwd' | 'env' | 'err'>,
  { quiet = false, purpose = 'audit' }: { quiet?: boolean; purpose?: LoadOptions['purpose'] } = {},
): Config {
  const path = configPath(named, io);
  if (path === null) return emptyConfig();
  const config = loadConfig(path, { checks: CHECKS, env: io.env, purpose });
  if (!quiet) for (const warning of config.warnings) io.err(`warning: ${formatProblem(warning)}\n`);
  return config;
}
