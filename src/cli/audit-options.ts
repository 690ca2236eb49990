import { type Command, Option } from 'commander';
import type { Severity } from '../core/severity.ts';
import { REPORT_FORMATS, type ReportFormat } from '../report/index.ts';
import { CONFIG_OPTION, duration, severity, whole, words } from './option-values.ts';

/** What `audit` and `gate` have in common. */
export interface AuditOptions {
  config?: string;
  only?: string[];
  skip?: string[];
  format: ReportFormat;
  output?: string;
  facts?: string;
  saveFacts?: string;
  failOn: Severity | 'none';
  identity?: string;
  knownHosts?: string;
  hostKey?: string;
  sudo?: boolean;
  transport?: 'builtin' | 'openssh';
  ca?: string;
  hstsPreloadList?: string;
  timeout?: number;
  concurrency: number;
  quiet?: boolean;
  verbose?: boolean;
}

/** Adds the options that `audit` and `gate` share. */
export function addAuditOptions(command: Command, failOn: Severity | 'none'): Command {
  return command
    .option(...CONFIG_OPTION)
    .option('--only <category|check,...>', 'run these checks, and only the probes that they need', words)
    .option('--skip <category|check,...>', 'leave these out', words)
    .addOption(new Option('--format <format>', 'how to report').choices(REPORT_FORMATS).default('pretty'))
    .option('--output <file>', 'write the report there, whole or not at all')
    .option('--facts <file>', 'judge recorded facts, without any network')
    .option('--save-facts <file>', 'record what was seen')
    .option('--fail-on <severity>', 'exit with 1 at this severity or worse (or none)', severity, failOn)
    .option('--identity <file>', 'private key for ssh')
    .option('--known-hosts <file>', 'host keys that are expected')
    .option('--host-key <fingerprint>', 'the host key that is expected, SHA256:...')
    .option('--sudo', 'let the host script use sudo -n for what only root can see')
    .addOption(new Option('--transport <client>', 'which client logs in over ssh').choices(['builtin', 'openssh']))
    .option('--ca <file>', 'extra trust anchors, PEM')
    .option('--hsts-preload-list <file>', "a browser's HSTS preload list, for headers.observatory")
    .option('--timeout <duration>', "ceiling over every probe's own time-out, such as 60s", duration)
    .option('--concurrency <n>', 'targets at once', whole(1, 256), 8)
    .option('--quiet', 'no progress and no warnings on stderr')
    .option('--verbose', 'evidence for every finding');
}
