import { setMaxListeners } from 'node:events';
import { Command, CommanderError } from 'commander';
import { AppError, EXIT, type ExitCode, reasonOf } from '../core/error.ts';
import { didYouMean } from '../core/suggest.ts';
import { type Io, wantsColor } from './io.ts';
import { VERBS, type Verb } from './verbs.ts';
import { version } from './version.ts';

/** Runs one command line. Never throws: what goes wrong is said on stderr and is the exit code. */
export async function run(argv: readonly string[], io: Omit<Io, 'exit'>): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const full: Io = {
    ...io,
    exit(given) {
      code = given;
    },
  };
  const written: Promise<void>[] = [];
  const program = new Command('seaworthy')
    .description('Is it fit for production, right now, and who is told when it stops being so?')
    .version(version(), '-V, --version')
    .option('--no-color', 'no colour (NO_COLOR works too)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void written.push(io.out(text)),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'seaworthy: ')),
    })
    .showHelpAfterError("(--help says what there is, '<command> --help' says more)");
  const verb = verbOf(argv);
  try {
    for (const one of VERBS) {
      const command = program.command(one.name).description(one.summary);
      if (one === verb) (await one.load()).define(command, full);
      if (one !== verb) command.allowUnknownOption().allowExcessArguments();
    }
    if (argv.length === 0) {
      io.err(program.helpInformation());
      return EXIT.usage;
    }
    refuseUnknownCommand(argv, verb);
    await program.parseAsync(
      argv.filter((arg) => arg !== '--no-color'),
      { from: 'user' },
    );
  } catch (error) {
    code = failure(error, io);
  }
  await Promise.all(written);
  return code;
}

function verbOf(argv: readonly string[]): Verb | undefined {
  const words = argv.filter((arg) => !arg.startsWith('-'));
  const name = words[0] === 'help' ? words[1] : words[0];
  return VERBS.find((verb) => verb.name === name);
}

function refuseUnknownCommand(argv: readonly string[], verb: Verb | undefined): void {
  const word = argv.find((arg) => !arg.startsWith('-'));
  if (word === undefined || verb || word === 'help') return;
  const target = /^[a-z]+:\/\/|[.:/]/.test(word) || word === 'local';
  const meant = target
    ? `; did you mean \`seaworthy audit ${word}\`?`
    : didYouMean(
        word,
        VERBS.map((one) => one.name),
      );
  throw new AppError('unknown-command', `unknown command "${word}"${meant}`, { hint: '`seaworthy --help` lists them' });
}

function failure(error: unknown, io: Omit<Io, 'exit'>): ExitCode {
  // Help and version end as errors too; what commander has to complain about it has already written.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof AppError) {
    io.err(`seaworthy: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
    return error.exit;
  }
  if (io.signal.aborted) return EXIT.couldNotLook;
  const detail = io.env.SEAWORTHY_DEBUG && error instanceof Error ? `\n${error.stack}` : '';
  io.err(`seaworthy: this is a bug: ${reasonOf(error)}${detail}\n  SEAWORTHY_DEBUG=1 shows where it happened\n`);
  return EXIT.couldNotLook;
}

/** The process: its streams, its signals and its exit code. */
export async function main(): Promise<void> {
  const { stdout, stderr, env } = process;
  const argv = process.argv.slice(2);
  // `seaworthy checks | head` closes our stdout early; that is no error of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? process.exitCode : EXIT.couldNotLook),
  );
  stderr.on('error', () => {});
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // every audit under way listens for it
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  const code = await run(argv, {
    out: (text) => new Promise((resolve) => void stdout.write(text, () => resolve())),
    err: (text) => void stderr.write(text),
    env,
    cwd: process.cwd(),
    width: stdout.isTTY ? Math.max(60, stdout.columns ?? 80) : 80,
    color: wantsColor(env, stdout.isTTY === true, argv),
    watched: stderr.isTTY === true,
    signal: stop.signal,
    now: () => Date.now(),
  });
  process.exitCode = stop.signal.aborted ? 130 : code;
  // A connection that a peer keeps open must not keep us from ending.
  setTimeout(() => process.exit(), 1_000).unref();
}
