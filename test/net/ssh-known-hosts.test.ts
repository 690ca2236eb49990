import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeKey, fingerprintOf } from '../../src/net/ssh-key.ts';
import { expectKnown, expectPinned, matchesHost, parseKnownHosts } from '../../src/net/ssh-known-hosts.ts';

function blob(type: string, ...fields: Buffer[]): Buffer {
  return Buffer.concat(
    [Buffer.from(type), ...fields].flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    }),
  );
}
const ed = (fill: number) => blob('ssh-ed25519', Buffer.alloc(32, fill));
const line = (hosts: string, key: Buffer, type = 'ssh-ed25519') => `${hosts} ${type} ${key.toString('base64')}`;
const known = (text: string, host = 'shop.example', port = 22) =>
  expectKnown([{ path: 'known_hosts', text }], host, port);

describe('a known_hosts file', () => {
  it.each([
    ['the host itself', line('shop.example', ed(1)), 'match'],
    ['another case', line('Shop.Example', ed(1)), 'match'],
    ['a pattern', line('*.example', ed(1)), 'match'],
    ['a pattern with an exception', line('*.example,!shop.example', ed(1)), 'unknown'],
    ['another key of the host', line('shop.example', ed(2)), 'changed'],
    ['another host', line('web.example', ed(1)), 'unknown'],
    ['the same host on another port', line('[shop.example]:2222', ed(1)), 'unknown'],
    ['a revoked key', `@revoked ${line('*', ed(1))}\n${line('shop.example', ed(1))}`, 'revoked'],
    ['an authority only', `@cert-authority ${line('*.example', ed(1))}`, 'unknown'],
    ['a key whose type is a lie', line('shop.example', ed(1), 'ssh-rsa'), 'unknown'],
    ['nothing', '# a comment\n\n', 'unknown'],
    [
      'a key of another type only',
      line('shop.example', blob('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(256, 0x80)), 'ssh-rsa'),
      'changed',
    ],
  ])('that has %s', (_name, text, status) => {
    expect(known(text).judge(ed(1)).status).toBe(status);
  });

  it('finds a hashed name', () => {
    const salt = Buffer.alloc(20, 9);
    const hash = createHmac('sha1', salt).update('[shop.example]:2222').digest('base64');
    const text = line(`|1|${salt.toString('base64')}|${hash}`, ed(1));
    expect(known(text, 'shop.example', 2222).judge(ed(1))).toMatchObject({ status: 'match', source: 'known_hosts:1' });
    expect(known(text).judge(ed(1)).status).toBe('unknown');
  });

  it('is read without a crash, and in time, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(Array.isArray(parseKnownHosts(text))).toBe(true);
      }),
    );
    expect(matchesHost(`${'*a'.repeat(400)}`, 'a'.repeat(250))).toBe(false);
  });

  it('never lets a key in that is not in it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 255 }), { maxLength: 5 }), (fills) => {
        const text = fills.map((fill) => line('*', ed(fill))).join('\n');
        expect(known(text).judge(ed(1)).status).toBe(fills.length > 0 ? 'changed' : 'unknown');
      }),
    );
  });
});

describe('a pinned fingerprint', () => {
  it('is met with and without its prefix and padding', () => {
    const print = fingerprintOf(ed(1));
    for (const pin of [print, print.slice(7), `${print}=`]) expect(expectPinned(pin).judge(ed(1)).status).toBe('match');
    expect(expectPinned(print).judge(ed(2)).status).toBe('changed');
  });
});

describe('a public key', () => {
  it('is described with its size', () => {
    expect(describeKey(ed(1))).toMatchObject({ type: 'ssh-ed25519', bits: 256 });
    const rsa = (bytes: number[]) =>
      describeKey(blob('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.from([0, ...bytes]))).bits;
    expect(rsa([0x80, ...Array<number>(127).fill(1)])).toBe(1024);
    expect(rsa([0x7f, ...Array<number>(127).fill(1)])).toBe(1023);
    expect(describeKey(Buffer.from([0, 0, 0, 200, 1]))).toMatchObject({ type: '?', bits: null });
  });
});
