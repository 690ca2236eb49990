import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayFollow, scopeOf } from '../../src/net/guard.ts';

describe('scopeOf', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['[::1]', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['0.0.0.0', 'reserved'],
    ['::', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['192.0.2.1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['not an address', 'reserved'],
  ])('%s is %s', (address, scope) => expect(scopeOf(address)).toBe(scope));

  it.each([
    ['::ffff:169.254.169.254', 'metadata'],
    ['::ffff:a9fe:a9fe', 'metadata'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['2002:a00:1::', 'private'],
    ['::127.0.0.1', 'loopback'],
    ['::ffff:8.8.8.8', 'public'],
  ])('%s is judged by the IPv4 address that it carries: %s', (address, scope) => expect(scopeOf(address)).toBe(scope));

  it('gives a mapped address the scope of its IPv4 address', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => scopeOf(`::ffff:${address}`) === scopeOf(address)));
  });
});

describe('mayFollow', () => {
  it('never leads further inside than the target is', () => {
    expect(mayFollow('public', 'public')).toBe(true);
    expect(mayFollow('public', 'private')).toBe(false);
    expect(mayFollow('public', 'loopback')).toBe(false);
    expect(mayFollow('private', 'loopback')).toBe(false);
    expect(mayFollow('private', 'private')).toBe(true);
    expect(mayFollow('loopback', 'public')).toBe(true);
    expect(mayFollow('loopback', 'private')).toBe(true);
  });

  it.each(['link-local', 'metadata', 'multicast', 'reserved'] as const)('never leads to %s', (scope) => {
    for (const from of ['public', 'private', 'loopback', 'link-local', 'metadata'] as const)
      expect(mayFollow(from, scope)).toBe(false);
  });
});
