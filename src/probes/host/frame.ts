import { type Absence, AbsentError } from '../../core/collected.ts';
import { ANNOUNCEMENT, WITHOUT_ROOT } from './script.ts';
import type { SectionOutput } from './section.ts';

/** What one section gave, or why there is nothing; `ms` by the host's own clock, 0 where it told none. `ended`: its closing line came. */
export type Frame =
  | { ok: true; output: SectionOutput; ms: number }
  | { ok: false; absence: Absence; ms: number; ended: boolean };

/** Everything that the script said. */
export interface Frames {
  /** The numeric user id that ran it. */
  uid: number;
  /** Whether the last line came: nothing is missing at the end. */
  complete: boolean;
  frames: Map<string, Frame>;
}

/** Exit codes of coreutils' and busybox' `timeout` for a command that did not end: expired, TERM, KILL. */
const TIMED_OUT = new Set([124, 137, 143]);

/**
 * Reads the framed output of the host script. What stands before the first frame (banners, messages of the day, a chatty
 * profile) is ignored; a frame that is cut, repeated or missing becomes an absence. Works on bytes in linear time.
 * Throws `AbsentError` where the script did not run at all.
 */
export function readFrames(
  stdout: Uint8Array,
  stderr: Uint8Array,
  options: { marker: string; sections: readonly { key: string; maxBytes: number; timeoutS: number }[] },
): Frames {
  const out = latin1(stdout);
  const err = latin1(stderr);
  const mark = `\n${out.includes(`\n${options.marker} hello `) ? options.marker : (announced(out) ?? options.marker)} `;
  const hello = new RegExp(`^${mark}hello (\\d{1,10}) (?:yes|no)\\n`).exec(
    slice(out, out.indexOf(`${mark}hello `), 300),
  );
  if (!hello) throw new AbsentError('unreadable', neverBegan(out, err));
  const frames = new Map<string, Frame>();
  const complete = out.includes(`${mark}bye\n`);
  for (const section of options.sections) {
    const frame = readFrame(out, err, mark, section);
    frames.set(section.key, complete && frame === NOT_BEGUN ? absent('unreadable', older(section.key)) : frame);
  }
  return { uid: Number(hello[1]), complete, frames };
}

/** The marker that a script behind a forced command chose; it says so in its first line, before it reads anything of the host. */
function announced(out: string): string | undefined {
  return new RegExp(`^\n${ANNOUNCEMENT} (sw-[0-9a-f-]{36})\n`).exec(out.slice(0, 200))?.[1];
}

function older(key: string): string {
  return `the script that is installed on the host has no part "${key}": install that of this version`;
}

function readFrame(
  out: string,
  err: string,
  mark: string,
  section: { key: string; maxBytes: number; timeoutS: number },
): Frame {
  const body = between(out, `${mark}begin ${section.key}\n`, `${mark}end ${section.key} `);
  if (body === null) return NOT_BEGUN;
  if (body.text === null) return notEnded('timeout', `the connection ended while the host worked on "${section.key}"`);
  const [code, start, end] = slice(out, body.end, 100).split('\n', 1)[0]!.split(' ');
  const ms = Math.max(0, Math.round((Number(end) - Number(start)) * 1_000)) || 0;
  if (code === 'no-timeout') return absent('missing-tool', 'the host has no "timeout" command, so nothing was run');
  const exitCode = /^\d{1,3}$/.test(code ?? '') ? Number(code) : null;
  if (exitCode === null) return absent('unreadable', `the host gave no exit code for "${section.key}"`, ms);
  const truncated = body.text.length > section.maxBytes;
  // A writer that is cut by `head` dies of SIGPIPE; that is our own doing and no timeout.
  if (!truncated && TIMED_OUT.has(exitCode)) {
    return absent('timeout', `the host did not finish "${section.key}" within ${section.timeoutS} s`, ms);
  }
  const complaints = between(err, `${mark}begin ${section.key}\n`, `${mark}end ${section.key}\n`)?.text ?? '';
  return {
    ok: true,
    ms,
    output: {
      stdout: clean(truncated ? body.text.slice(0, section.maxBytes) : body.text),
      stderr: clean(complaints),
      exitCode,
      truncated,
      root: !complaints.includes(WITHOUT_ROOT),
    },
  };
}

function absent(kind: Absence['kind'], reason: string, ms = 0): Frame {
  return { ok: false, absence: { kind, reason }, ms, ended: true };
}

const NOT_BEGUN: Frame = notEnded('unreadable', "the host's answer ended before this part of it");

function notEnded(kind: Absence['kind'], reason: string): Frame {
  return { ok: false, absence: { kind, reason }, ms: 0, ended: false };
}

/** `null`: there is no opening; `text: null`: it is open to the end. */
function between(text: string, opening: string, closing: string): { text: string | null; end: number } | null {
  const start = text.indexOf(opening);
  if (start < 0) return null;
  const from = start + opening.length;
  // An empty section closes with the newline that opened it.
  const end = text.indexOf(closing, from - 1);
  if (end < 0) return { text: null, end: text.length };
  return { text: text.slice(from, Math.max(from, end)), end: end + closing.length };
}

function slice(text: string, from: number, length: number): string {
  return from < 0 ? '' : text.slice(from, from + length);
}

/** One character per byte, so that positions and limits are those of the wire. */
function latin1(bytes: Uint8Array): string {
  return `\n${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')}`;
}

/** Bytes as UTF-8 text that is safe to print and to store, its lines ended as ours are. NUL stays: some sections separate by it. */
function clean(bytes: string): string {
  return Buffer.from(bytes, 'latin1')
    .toString('utf8')
    .replaceAll(/\r+(?=\n|$)/g, '')
    .replaceAll(/[\x01-\x08\x0b-\x1f\x7f\u0080-\u009f]/g, '\ufffd');
}

function neverBegan(out: string, err: string): string {
  const said = clean(out.trim().slice(0, 400) || err.trim().slice(0, 400))
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
  if (said === undefined) return 'the log-in worked, but its shell ran nothing and said nothing';
  return `the log-in worked, but its shell did not run the script; it said: "${said.replaceAll('\0', '').slice(0, 100)}"`;
}
