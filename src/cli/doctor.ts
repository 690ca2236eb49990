import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { CHECKS } from '../../checks/index.ts';
import { loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { dataDir, storeName, storeUrl } from '../config/store-location.ts';
import { AppError, EXIT, reasonOf } from '../core/error.ts';
import { padTo, painter } from '../report/terminal-text.ts';
import { openStore } from '../store/open.ts';
import { lintOf } from './config.ts';
import { CONFIG_OPTION, configPath } from './find-config.ts';
import type { Io } from './io.ts';
import { addDataOption } from './store.ts';
import type { Define } from './verbs.ts';

interface Line {
  state: 'good' | 'note' | 'bad';
  what: string;
  text: string;
}

export const define: Define = (command, io) => {
  addDataOption(command)
    .option(...CONFIG_OPTION)
    .action(async (options: { data?: string; config?: string }) => {
      const lines = [
        nodeVersion(process.versions.node),
        ...configuration(options.config, io),
        ...dataFolder(options.data, io),
        await storeState(options.data, io),
        clock(io.now()),
        ...(await Promise.all(TOOLS.map(tool))),
      ];
      const paint = painter(io.color);
      const marks = { good: paint('green', '✓'), note: paint('yellow', '·'), bad: paint('red', '✗') };
      await io.out(lines.map((line) => `${marks[line.state]} ${padTo(line.what, 14)} ${line.text}\n`).join(''));
      if (lines.some((line) => line.state === 'bad')) io.exit(EXIT.failed);
    });
};

/** Node.js that it runs on, and that gets security fixes (20 has not since April 2026). */
export function nodeVersion(running: string): Line {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 20)) {
    return { state: 'bad', what: 'node', text: `${running} is too old; 20.20 or later is needed` };
  }
  if (major < 22) return { state: 'note', what: 'node', text: `${running} works, but gets no security fixes any more` };
  return { state: 'good', what: 'node', text: running };
}

function configuration(named: string | undefined, io: Io): Line[] {
  const path = configPath(named, io);
  if (path === null) {
    return [
      { state: 'note', what: 'configuration', text: 'none here; the service then looks at this machine and itself' },
    ];
  }
  try {
    const config = loadConfig(path, { checks: CHECKS, env: io.env });
    const good: Line = { state: 'good', what: 'configuration', text: `${path}: ${config.targets.length} targets` };
    const lint = lintOf(config, io.now()).map(({ path: place, message }) => `${place}: ${message}`);
    const notes = [...config.warnings.map(formatProblem), ...lint];
    return [good, ...notes.map((text): Line => ({ state: 'note', what: '', text }))];
  } catch (error) {
    return reasonLines(error).map((text, index) => ({ state: 'bad', what: index === 0 ? 'configuration' : '', text }));
  }
}

function reasonLines(error: unknown): string[] {
  return error instanceof AppError ? error.message.split('\n') : [reasonOf(error)];
}

function dataFolder(data: string | undefined, io: Io): Line[] {
  if (!storeUrl(data, io.env).startsWith('sqlite:')) return [];
  const dir = dataDir(data, io.env);
  const what = 'data folder';
  try {
    if (!existsSync(dir)) {
      accessSync(dirname(dir), constants.W_OK);
      return [{ state: 'note', what, text: `${dir} does not exist yet` }];
    }
    accessSync(dir, constants.W_OK);
    const open = (statSync(dir).mode & 0o007) !== 0;
    if (open) return [{ state: 'note', what, text: `${dir} can be read by everybody; chmod 700 it` }];
    return [{ state: 'good', what, text: dir }];
  } catch (error) {
    return [{ state: 'bad', what, text: reasonOf(error) }];
  }
}

async function storeState(data: string | undefined, io: Io): Promise<Line> {
  const url = storeUrl(data, io.env);
  const what = 'store';
  const file = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined;
  if (file !== undefined && !existsSync(file))
    return { state: 'note', what, text: `${file} is made at the first start` };
  try {
    const store = await openStore({ url, now: io.now(), readOnly: true });
    try {
      const problems = await store.problems();
      if (problems.length > 0) return { state: 'bad', what, text: `${storeName(url)}: ${problems.join('; ')}` };
      return { state: 'good', what, text: `${storeName(url)} opens and is sound` };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { state: 'bad', what, text: reasonLines(error).join(' ') };
  }
}

/** A clock far off makes certificates look expired and tokens invalid; the year of this release is the floor. */
export function clock(now: number): Line {
  const text = new Date(now).toISOString();
  if (now < Date.UTC(2026, 0, 1))
    return { state: 'bad', what: 'clock', text: `${text} lies before this program was made` };
  return { state: 'good', what: 'clock', text };
}

/** Programs that some targets need; nothing else does. */
const TOOLS = [
  { command: 'git', args: ['--version'], use: 'repositories' },
  { command: 'ssh', args: ['-V'], use: 'hosts that need the system client' },
  { command: 'restic', args: ['version'], use: 'restic backups' },
  { command: 'borg', args: ['--version'], use: 'borg backups' },
];

async function tool({ command, args, use }: (typeof TOOLS)[number]): Promise<Line> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { timeout: 5_000 });
    return { state: 'good', what: command, text: `${stdout}${stderr}`.split('\n')[0] ?? '' };
  } catch {
    return { state: 'note', what: command, text: `not found; needed for ${use}` };
  }
}
