import { describe, expect, it } from 'vitest';
import { matchName } from '../../src/analysis/certificate-name.ts';

const certificate = (dns: string[], ip: string[] = [], commonName: string | null = null) => ({
  names: { dns, ip },
  commonName,
});

describe('service identity by RFC 9525', () => {
  it.each([
    ['shop.example', 'shop.example'],
    ['SHOP.example', 'shop.Example'],
    ['shop.example', 'shop.example.'],
    ['*.shop.example', 'www.shop.example'],
    ['xn--bcher-kva.example', 'bücher.example'],
  ])('%s is for %s', (pattern, host) => {
    expect(matchName(certificate([pattern]), host).matches).toBe(true);
  });

  it.each([
    ['*.shop.example', 'shop.example'],
    ['*.shop.example', 'a.b.shop.example'],
    ['w*.shop.example', 'www.shop.example'],
    ['www.*.example', 'www.shop.example'],
    ['*.example', 'shop.example'],
    ['*', 'localhost'],
    ['shop.example', 'shop.example.evil'],
    ['shop.example\u0000.evil', 'shop.example'],
    ['', ''],
  ])('%s is not for %s', (pattern, host) => {
    expect(matchName(certificate([pattern]), host).matches).toBe(false);
  });

  it('compares addresses as addresses, and only with address entries', () => {
    expect(matchName(certificate([], ['192.0.2.1']), '192.0.2.1').matches).toBe(true);
    expect(matchName(certificate([], ['2001:db8::1']), '[2001:DB8:0:0::1]').matches).toBe(true);
    expect(matchName(certificate(['192.0.2.1']), '192.0.2.1').matches).toBe(false);
    expect(matchName(certificate(['*.0.2.1']), '192.0.2.1').matches).toBe(false);
  });

  it('never looks at the common name, and says so', () => {
    const match = matchName(certificate([], [], 'shop.example'), 'shop.example');
    expect(match).toEqual({ matches: false, why: expect.stringContaining('common name') });
  });

  it('stays short with ten thousand names', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `h${index}.example`);
    const match = matchName(certificate(names), 'shop.example');
    expect(match.matches === false && match.why).toContain('and 9995 more');
  });
});
