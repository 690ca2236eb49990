import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEndpoint, parseSshUrl } from '../../src/config/endpoint.ts';

describe('parseEndpoint', () => {
  it.each([
    ['https://shop.example', { protocol: 'https', url: 'https://shop.example/', host: 'shop.example', port: 443 }],
    ['http://[::1]:8080/a?b#c', { protocol: 'http', url: 'http://[::1]:8080/a?b', host: '::1', port: 8080 }],
    [
      'HTTPS://Shop.Example:8443/',
      { protocol: 'https', url: 'https://shop.example:8443/', host: 'shop.example', port: 8443 },
    ],
    ['mail.example:25', { protocol: 'auto', url: 'auto://mail.example:25', host: 'mail.example', port: 25 }],
    ['[2001:db8::5]:443', { protocol: 'auto', url: 'auto://[2001:db8::5]:443', host: '2001:db8::5', port: 443 }],
    ['smtp://mail.example', { protocol: 'smtp', url: 'smtp://mail.example:25', host: 'mail.example', port: 25 }],
    ['tls://x.example:80', { protocol: 'tls', url: 'tls://x.example:80', host: 'x.example', port: 80 }],
    ['tcp://127.0.0.1:6379', { protocol: 'tcp', url: 'tcp://127.0.0.1:6379', host: '127.0.0.1', port: 6379 }],
  ])('%s', (text, expected) => expect(parseEndpoint(text)).toEqual(expected));

  it.each([
    'shop.example',
    'x:0',
    'x:70000',
    'a b:1',
    'tcp://x.example',
    'tls://x:1/path',
    'https://',
    'ftp://u@x',
    '::1:443',
    '',
  ])('refuses %j with a reason', (text) => expect(parseEndpoint(text)).toBeTypeOf('string'));

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((rest) => `tls://${rest}`),
        ),
        (text) => void parseEndpoint(text),
      ),
    );
  });
});

describe('parseSshUrl', () => {
  it.each([
    ['ssh://audit@10.0.0.5', { user: 'audit', host: '10.0.0.5', port: 22 }],
    ['ssh://root@[::1]:2222', { user: 'root', host: '::1', port: 2222 }],
    ['ssh://h.example:80', { user: null, host: 'h.example', port: 80 }],
  ])('%s', (text, expected) => expect(parseSshUrl(text)).toEqual(expected));

  it.each(['audit@10.0.0.5', 'ssh://', 'ssh://u:p@h', 'ssh://h/etc'])('refuses %j', (text) =>
    expect(parseSshUrl(text)).toBeTypeOf('string'),
  );
});
