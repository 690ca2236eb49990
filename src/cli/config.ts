import { CHECKS } from '../../checks/index.ts';
import type { Config } from '../config/config.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { AppError } from '../core/error.ts';
import { type Lint, lintAlerting } from '../incidents/lint.ts';
import { configPath } from './find-config.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  command
    .command('check')
    .description('read the configuration and say everything that is wrong with it')
    .argument('[file]', 'configuration file or folder (default: ./seaworthy.yaml)')
    .option('--config <file>', 'the same')
    .action(async (file: string | undefined, options: { config?: string }) => {
      const path = configPath(file ?? options.config, io);
      if (path === null) {
        throw new AppError('config-missing', 'there is no seaworthy.yaml here', {
          hint: '`seaworthy init` writes one, --config FILE names another',
        });
      }
      const config = loadConfig(path, { checks: CHECKS, env: io.env });
      for (const warning of config.warnings) io.err(`warning: ${formatProblem(warning)}\n`);
      for (const { path: place, message } of lintOf(config, io.now())) io.err(`warning: ${place}: ${message}\n`);
      const audited = config.targets.filter((one) => one.audit !== null).length;
      const watched = config.targets.filter((one) => one.monitor ?? one.heartbeat).length;
      await io.out(
        `${path} is valid: ${count(config.services.length, 'service')}, ${count(config.targets.length, 'target')} (${audited} audited, ${watched} watched), ${count(config.waivers.length, 'waiver')}, ${count(config.alerting?.channels.length ?? 0, 'channel')}\n`,
      );
    });
  command
    .command('schema')
    .description('print the JSON Schema of the configuration, for editors')
    .action(() => io.out(`${JSON.stringify(configJsonSchema(CHECKS), null, 2)}\n`));
};

/** What alerting would do that somebody may not expect; without alerting, that nobody is told. */
export function lintOf({ alerting }: Pick<Config, 'alerting'>, now: number): Lint[] {
  if (alerting) return lintAlerting(alerting, now);
  return [{ path: 'alerting', message: 'is not there: incidents show in the dashboard and nobody is told' }];
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
