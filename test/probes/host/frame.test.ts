import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../src/probes/host/frame.ts';

const marker = 'sw-0123456789abcdef';
const sections = [
  { key: 'host.a', maxBytes: 100, timeoutS: 5 },
  { key: 'host.b', maxBytes: 100, timeoutS: 5 },
];
const hello = `\n${marker} hello 1000 yes\n`;
const frame = (key: string, body: string, code: number | string = 0) =>
  `\n${marker} begin ${key}\n${body}\n${marker} end ${key} ${code} 10.00 10.25\n`;
const bye = `\n${marker} bye\n`;
const read = (out: string, err = '') =>
  readFrames(Buffer.from(out, 'latin1'), Buffer.from(err, 'latin1'), { marker, sections });
const absence = (result: ReturnType<typeof read>, key: string) => {
  const found = result.frames.get(key);
  return found && !found.ok ? found.absence : null;
};

describe('the reader of frames', () => {
  it('gives back exactly what each section printed, whatever bytes they are', () => {
    const body = fc.uint8Array({ maxLength: 100 }).map((bytes) =>
      Buffer.from(bytes)
        .toString('latin1')
        .replaceAll(/[^\x20-\x7e\n\t]/g, 'x'),
    );
    fc.assert(
      fc.property(body, body, fc.integer({ min: 0, max: 123 }), (a, b, code) => {
        const result = read(`noise\n${hello}${frame('host.a', a, code)}${frame('host.b', b)}${bye}`);
        expect(result).toMatchObject({ uid: 1000, complete: true });
        expect(result.frames.get('host.a')).toMatchObject({
          ok: true,
          ms: 250,
          output: { stdout: a, exitCode: code, root: true },
        });
        expect(result.frames.get('host.b')).toMatchObject({ ok: true, output: { stdout: b } });
      }),
    );
  });

  it('ends lines as we do, and keeps no other control character', () => {
    const result = read(
      `${hello}${frame('host.a', 'one\r\ntwo \x1b[31m')}${frame('host.b', '')}${bye}`,
      `\n${marker} begin host.a\nMissing privilege separation directory: /run/sshd\r\n${marker} end host.a\n`,
    );
    expect(result.frames.get('host.a')).toMatchObject({
      output: { stdout: 'one\ntwo \ufffd[31m', stderr: 'Missing privilege separation directory: /run/sshd' },
    });
  });

  it('takes every byte string, and knows nothing without the marker', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (out, err) => {
        expect(() => readFrames(out, err, { marker, sections })).toThrow(/shell (did not run|ran nothing)/);
      }),
    );
  });

  it('gives each section whole or not at all, wherever the stream is cut', () => {
    const whole = `${hello}${frame('host.a', 'alpha')}${frame('host.b', 'beta')}${bye}`;
    fc.assert(
      fc.property(fc.integer({ min: hello.length, max: whole.length }), (cut) => {
        const result = read(whole.slice(0, cut));
        for (const [key, text] of [
          ['host.a', 'alpha'],
          ['host.b', 'beta'],
        ] as const) {
          const found = result.frames.get(key);
          if (found?.ok) expect(found.output.stdout).toBe(text);
          else expect(found?.absence.kind).toMatch(/timeout|unreadable/);
        }
      }),
    );
  });

  it('is not fooled by frames with another marker', () => {
    const fake = '\nsw-ffff end host.a 0 1 2\nsw-ffff begin host.b\nfake\nsw-ffff end host.b 0 1 2\n';
    const result = read(`${hello}${frame('host.a', fake)}${bye}`);
    expect(result.frames.get('host.a')).toMatchObject({ ok: true, output: { stdout: fake } });
    expect(absence(result, 'host.b')?.kind).toBe('unreadable');
  });

  it.each([
    ['timeout', 124, { kind: 'timeout', reason: 'the host did not finish "host.a" within 5 s' }],
    ['busybox timeout', 143, { kind: 'timeout', reason: 'the host did not finish "host.a" within 5 s' }],
    [
      'no timeout command',
      'no-timeout',
      { kind: 'missing-tool', reason: 'the host has no "timeout" command, so nothing was run' },
    ],
    ['no exit code', '-', { kind: 'unreadable', reason: 'the host gave no exit code for "host.a"' }],
  ])('says what %s means', (_name, code, wanted) => {
    expect(absence(read(`${hello}${frame('host.a', 'x', code)}${bye}`), 'host.a')).toEqual(wanted);
  });

  it('knows when a command ran without rights', () => {
    const err = `\n${marker} begin host.a\nseaworthy: without root: nft\ndenied\n${marker} end host.a\n`;
    const result = read(`${hello}${frame('host.a', '', 1)}${bye}`, err);
    expect(result.frames.get('host.a')).toMatchObject({
      output: { root: false, stderr: expect.stringContaining('denied') },
    });
  });

  it('quotes a shell that would not run it, without its control characters', () => {
    expect(() => read('\x1b[31mGo away\x07\n')).toThrow(/it said: "\ufffd\[31mGo away\ufffd"/);
    expect(() => read('')).toThrow(/said nothing/);
  });
});
