import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helloReader } from '../../src/net/sshwire.ts';

function kexinit(lists: readonly string[][]): Buffer {
  const names = lists.flatMap((list) => {
    const text = Buffer.from(list.join(','), 'latin1');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return [length, text];
  });
  const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16, 7), ...names, Buffer.alloc(5)]);
  const padding = 8 - ((payload.length + 5) % 8) + 4;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head[4] = padding;
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

const LISTS = [['curve25519-sha256'], ['ssh-ed25519'], ['a'], ['a', 'b'], ['m1'], ['m2'], ['none'], ['none'], [], []];

describe('the reader of an SSH greeting', () => {
  it('reads lists whatever the pieces in which they come, with lines before the identification', () => {
    const bytes = Buffer.concat([Buffer.from('Go away\r\nSSH-2.0-Test_1 x\r\n'), kexinit(LISTS), Buffer.from('rest')]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const reader = helloReader();
        let at = 0;
        for (let index = 0; at < bytes.length; index++) {
          const size = sizes[index % sizes.length] ?? 1;
          if (reader.push(bytes.subarray(at, at + size)) !== 'more') break;
          at += size;
        }
        expect(reader.hello).toEqual({
          banner: 'SSH-2.0-Test_1 x',
          kex: ['curve25519-sha256'],
          hostKeyAlgorithms: ['ssh-ed25519'],
          ciphers: ['a', 'b'],
          macs: ['m1', 'm2'],
          compression: ['none'],
        });
      }),
    );
  });

  it('never throws and never waits for ever, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), (noise, greeted) => {
        const reader = helloReader();
        if (greeted) reader.push(Buffer.from('SSH-2.0-x\n'));
        reader.push(noise);
        let verdict = reader.push(Buffer.alloc(40_000, 0xff));
        verdict = reader.push(Buffer.alloc(40_000, 0xff));
        expect(verdict).not.toBe('more');
      }),
    );
  });

  it.each([
    ['protocol 1', 'SSH-1.5-old\n', 'it speaks another protocol version: SSH-1.5-old'],
    ['another protocol', `HTTP/1.1 400 Bad Request\r\n${'x'.repeat(9_000)}`, 'it sends no SSH identification line'],
    ['a packet of 4 GB', 'SSH-2.0-x\n\xff\xff\xff\xff\x04\x14', 'its first packet is malformed'],
    ['a disconnect', 'SSH-2.0-x\n\0\0\0\x0c\x0a\x01\0\0\0\0\0\0\0\0\0\0', 'it disconnected before the key exchange'],
  ])('says what is wrong with %s', (_name, text, problem) => {
    const reader = helloReader();
    expect(reader.push(Buffer.from(text, 'latin1'))).toBe('not-ssh');
    expect(reader.problem).toBe(problem);
  });
});
