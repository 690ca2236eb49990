import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { HostKeyVerdict } from '../core/facts/login.ts';
import type { SshLogin } from '../core/target.ts';
import { guardedScript } from './guarded-script.ts';
import { type OpenSshFiles, openSshConfig } from './openssh-config.ts';
import { openSshFailure } from './openssh-failure.ts';
import { type OpenSshLog, readOpenSshLog } from './openssh-log.ts';
import { expandHome, readExpectation } from './ssh-credentials.ts';
import type { Expectation } from './ssh-known-hosts.ts';
import { factsOf, LoginError } from './ssh-login-error.ts';
import { type RunOptions, type RunResult, STDERR_LIMIT, type Transport } from './transport.ts';

const LOGIN_MS = 10_000;
/** Time for `ssh` to end in order, before it is killed. */
const KILL_AFTER_MS = 2_000;
const LOG_LIMIT = 262_144;
/** How often the log is looked at, ms, and how many looks a shell has for its answer after the log-in. */
const LOOK_MS = 100;
const QUIET_LOOKS = 5;
/** Before the log-in is done a shell may greet; more than that is no greeting. */
const GREETING_LIMIT = 2_097_152;
const OTHER_TYPES = ['ecdsa-sha2-nistp256', 'rsa-sha2-512,rsa-sha2-256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];

/**
 * Logs in with the program `ssh` and a configuration of our own: certificates, FIDO keys, jump hosts, and whatever key
 * exchange it knows. One process, one connection, ended with everything that it started on the host. Throws `LoginError`.
 */
export async function connectOpenSsh(
  login: SshLogin,
  options: { signal: AbortSignal; timeoutMs?: number; onConnection?: () => void; program?: string },
): Promise<Transport> {
  const expectation = await readExpectation(login);
  const files = await filesOf(login);
  const directory = await mkdtemp(join(tmpdir(), 'seaworthy-ssh-'));
  try {
    let session = await start(login, files, directory, options);
    // A pin does not say its type: before a key counts as changed, the server is asked for its keys of other types.
    for (const type of login.hostKey === undefined ? [] : OTHER_TYPES) {
      if (session.ready || session.log.key === null || session.log.key.fingerprint === expectation.expected[0]) break;
      const other = await start(login, files, directory, options, type);
      if (!other.ready && other.log.key?.fingerprint !== expectation.expected[0]) continue;
      session = other;
    }
    const { seen } = session.log;
    seen.hostKey = verdictOf(session.log, expectation, login);
    if (!session.ready) {
      const source = files.identity ?? 'the SSH agent';
      const absence = openSshFailure({ ...login, source }, session.log, session.complaint);
      throw new LoginError(absence, factsOf(login, seen, absence.reason));
    }
    const first: { session: Session | null } = { session };
    const all = new Set<Session>([session]);
    return {
      ...factsOf(login, seen, null),
      async run(script, how) {
        const next = first.session ?? (await again(login, files, directory, options));
        first.session = null;
        all.add(next);
        return next.run(script, how);
      },
      close() {
        for (const one of all) one.end();
        void rm(directory, { recursive: true, force: true });
      },
    };
  } catch (thrown) {
    await rm(directory, { recursive: true, force: true });
    throw thrown;
  }
}

async function again(...given: Parameters<typeof start>): Promise<Session> {
  const session = await start(...given);
  if (session.ready) return session;
  throw new AbsentError('unreachable', 'the host let us in once, but not a second time');
}

/** One `ssh` whose remote shell waits for its script. */
interface Session {
  /** Whether the log-in worked; what follows is of use only then. */
  ready: boolean;
  log: OpenSshLog;
  /** What `ssh` itself said on stderr, of a jump host for instance. */
  complaint: string;
  run(script: string, options: RunOptions): Promise<RunResult>;
  end(): void;
}

async function start(
  login: SshLogin,
  files: OpenSshFiles,
  directory: string,
  options: { signal: AbortSignal; timeoutMs?: number; onConnection?: () => void; program?: string },
  hostKeyAlgorithms?: string,
): Promise<Session> {
  options.signal.throwIfAborted();
  const timeoutMs = options.timeoutMs ?? LOGIN_MS;
  const id = randomBytes(8).toString('hex');
  const [config, logFile] = [join(directory, `${id}.config`), join(directory, `${id}.log`)];
  const settings = { connectS: Math.ceil(timeoutMs / 1_000), ...(hostKeyAlgorithms ? { hostKeyAlgorithms } : {}) };
  await writeFile(config, configOf(login, files, settings), { mode: 0o600 });
  options.onConnection?.();
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: homedir(),
    ...(files.identity === null && process.env.SSH_AUTH_SOCK ? { SSH_AUTH_SOCK: process.env.SSH_AUTH_SOCK } : {}),
  };
  // A group of its own, so that the ssh of a jump host ends with it.
  const child = spawn(options.program ?? 'ssh', ['-F', config, '-E', logFile, '-T', 'target', 'exec sh -s'], {
    detached: true,
    stdio: 'pipe',
    env,
  });
  const ready = `sw-ready-${id}`;
  const session = watch(child, ready);
  const deadline = setTimeout(() => session.end(), 2 * timeoutMs);
  const aborted = () => session.end();
  options.signal.addEventListener('abort', aborted, { once: true });
  child.stdin.write(`echo; echo ${ready}\n`);
  const readLog = async () => readOpenSshLog((await readFile(logFile, 'utf8').catch(() => '')).slice(0, LOG_LIMIT));
  // A forced command does not run what it is sent, so nothing comes back: then the log of ssh says that we are in.
  let quiet = 0;
  const look = setInterval(() => {
    void readLog().then(({ authenticated }) => {
      quiet = authenticated ? quiet + 1 : 0;
      if (quiet >= QUIET_LOOKS) session.letIn();
    });
  }, LOOK_MS);
  const how = await session.settled;
  clearInterval(look);
  clearTimeout(deadline);
  options.signal.removeEventListener('abort', aborted);
  if (how instanceof Error) throw new AbsentError('missing-tool', `cannot start ssh: ${reasonOf(how)}`, how);
  const log = await readLog();
  if (options.signal.aborted) throw options.signal.reason;
  // Let in, although the shell ran nothing: what it said is the answer to the script.
  return { ...session, ready: how === 'ready' || log.authenticated, log, complaint: session.stderr() };
}

function configOf(...given: Parameters<typeof openSshConfig>): string {
  try {
    return openSshConfig(...given);
  } catch (thrown) {
    throw new AbsentError('unreadable', `ssh cannot be told where to go: ${reasonOf(thrown)}`, thrown);
  }
}

/** Follows one child: its output until it is ready, and then of one script, bounded. */
function watch(child: ChildProcess, ready: string) {
  const out = { chunks: [] as Buffer[], size: 0, limit: GREETING_LIMIT };
  const err = { chunks: [] as Buffer[], size: 0, limit: STDERR_LIMIT };
  let exit: { code: number | null } | null = null;
  let kill: NodeJS.Timeout | undefined;
  let settle: (how: 'ready' | 'ended' | Error) => void = () => {};
  let changed = () => {};
  const settled = new Promise<'ready' | 'ended' | Error>((resolve) => {
    settle = resolve;
  });
  const keep = (into: typeof out) => (chunk: Buffer) => {
    const room = into.limit - into.size;
    if (room > 0) into.chunks.push(chunk.subarray(0, room));
    into.size += chunk.length;
    changed();
  };
  child.stdout?.on('data', keep(out));
  child.stderr?.on('data', keep(err));
  child.stdin?.on('error', () => {}); // it may end before it has read everything; its exit code says so
  child.on('error', (cause) => settle(cause));
  child.on('close', (code) => {
    exit = { code };
    clearTimeout(kill);
    settle('ended');
    changed();
  });
  // The marker stands on a line of its own: a shell that only echoes its input does not look ready.
  changed = () => {
    if (Buffer.concat(out.chunks).toString('latin1').includes(`\n${ready}\n`)) settle('ready');
  };
  const end = () => {
    child.stdin?.end();
    signalGroup(child, 'SIGTERM');
    kill ??= setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
  };
  const run = (script: string, options: RunOptions): Promise<RunResult> =>
    new Promise((resolve, reject) => {
      options.signal.throwIfAborted();
      out.limit = out.size + options.maxBytes;
      const from = out.size;
      const done = (settleRun: () => void) => {
        options.signal.removeEventListener('abort', stop);
        changed = () => {};
        end();
        settleRun();
      };
      const result = (truncated: boolean): RunResult => ({
        stdout: Buffer.concat(out.chunks),
        stderr: Buffer.concat(err.chunks),
        exitCode: exit?.code ?? null,
        truncated,
      });
      const stop = () => done(() => (options.keepPartial ? resolve(result(false)) : reject(options.signal.reason)));
      options.signal.addEventListener('abort', stop, { once: true });
      changed = () => {
        if (exit) {
          const lost = exit.code === 255 && out.size === from;
          const broke = () => reject(new AbsentError('unreachable', 'the connection was lost while the host worked'));
          done(lost ? broke : () => resolve(result(false)));
        } else if (out.size > out.limit) done(() => resolve(result(true)));
      };
      child.stdin?.write(guardedScript(script)); // and stays open: closing it would end the script
      changed();
    });
  const stderr = () => Buffer.concat(err.chunks).toString('utf8');
  return { settled, letIn: () => settle('ready'), run, end, stderr };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // it is gone already
  }
}

async function filesOf(login: SshLogin): Promise<OpenSshFiles> {
  const readable = async (path: string) =>
    access(path).then(
      () => path,
      () => null,
    );
  const identity = login.identity === undefined ? null : expandHome(login.identity);
  if (identity !== null && (await readable(identity)) === null)
    throw new AbsentError('denied', `the private key ${identity} cannot be read`);
  const own = [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'];
  const known = login.knownHosts === undefined ? await Promise.all(own.map(readable)) : [expandHome(login.knownHosts)];
  return {
    identity,
    certificate: login.certificate === undefined ? null : expandHome(login.certificate),
    knownHosts: known.flatMap((path) => path ?? []),
  };
}

/** The program has judged the key already; this says in our words what it found. */
function verdictOf(log: OpenSshLog, expectation: Expectation, login: SshLogin): HostKeyVerdict | null {
  const { key, keyProblem, authenticated, seen } = log;
  if (!key) return null;
  const bits = /ed25519/.test(key.type) ? 256 : Number(/nistp(\d+)/.exec(key.type)?.[1] ?? 0) || null;
  const { expected } = expectation;
  const pinned = login.hostKey !== undefined;
  const accepted = authenticated || seen.authMethods.length > 0;
  const status = accepted ? 'match' : pinned && expected[0] !== key.fingerprint ? 'changed' : (keyProblem ?? 'unknown');
  const source = pinned ? 'the pinned fingerprint' : (login.knownHosts ?? 'the known_hosts files');
  return { ...key, bits, status: accepted ? 'match' : status, expected, source };
}
