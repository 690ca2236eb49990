import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { readGitleaksConfig } from '../../src/secrets/gitleaks/config.ts';
import { translateExpression } from '../../src/secrets/gitleaks/expression.ts';
import { cli, tempDir } from '../cli/support.ts';
import { lookAtTree, repository } from './git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const CONFIG = `
title = "ours"
[extend]
useDefault = true
disabledRules = ["generic-api-key"]

[[rules]]
id = "acme-token"
description = "ACME deploy token"
regex = '''(?i)acme[_-]?token\\s*[:=]\\s*['"]?([a-z0-9]{12,20})\\b'''
secretGroup = 1
entropy = 2.5
keywords = ["acme"]
  [[rules.allowlists]]
  stopwords = ["sandbox"]
  [[rules.allowlists]]
  condition = "AND"
  regexTarget = "line"
  regexes = ['''rotated''']
  paths = ['''^ops/''']

[[rules]]
id = "in-yaml-only"
regex = '''acmekey-(?P<key>[[:xdigit:]]{8})\\z'''
path = '''\\.ya?ml$'''

[[rules]]
id = "greek"
regex = '''\\p{Greek}+'''

[[rules]]
id = "files"
path = '''\\.p12$'''

[allowlist]
paths = ['''^generated/''']
commits = ["abc"]
`;

describe('a .gitleaks.toml', () => {
  it('finds with its rules, and keeps to entropy, groups, keywords, paths and allowlists', async () => {
    const one = repository();
    made.push(one);
    one.write('.gitleaks.toml', CONFIG);
    one.write('a.ini', '# first\nACME_TOKEN = "q8w2e7r4t1y9"\n');
    one.write('low.ini', 'acme_token=aaaaaaaaaaaaa\n');
    one.write('stop.ini', 'acme_token=sandboxq8w2e7r4\n');
    one.write('ops/old.ini', 'acme_token=p8w2e7r4t1y9 # rotated\n');
    one.write('app/old.ini', 'acme_token=z8w2e7r4t1y9 # rotated\n');
    one.write('said.ini', '# seaworthy:ignore * made up for the manual\nacme_token=m8w2e7r4t1y9\n');
    one.write('k.yaml', 'x: acmekey-00c0ffee');
    one.write('k.json', 'acmekey-00c0ffee');
    one.write('generated/a.ini', 'acme_token=g8w2e7r4t1y9\n');
    one.commit('a');
    const facts = await lookAtTree(one.root);
    const open = facts.leaks.flatMap((leak) =>
      leak.places.flatMap(({ file, line, ignored }) => (ignored ? [] : [`${leak.rule} ${file}:${line}`])),
    );
    expect(open.sort()).toEqual([
      'gitleaks:acme-token a.ini:2',
      'gitleaks:acme-token app/old.ini:1',
      'gitleaks:in-yaml-only k.yaml:1',
    ]);
    expect(JSON.stringify(facts)).not.toMatch(/q8w2e7r4t1y9|00c0ffee/);
    expect(facts.imported?.rules).toBe(2);
    const { out } = await cli(['audit', one.root, '--only', 'secrets.repository', '--format', 'json']);
    const findings: { subject: string; status: string; message: string }[] = JSON.parse(out).targets[0].findings;
    expect(findings.find(({ subject }) => subject === 'a.ini:2')?.message).toContain('ACME deploy token');
    expect(findings.find(({ subject }) => subject === '.gitleaks.toml')?.message).toContain(
      '2 of its rules are carried over',
    );
  });

  it('says what is not carried over', async () => {
    const cwd = tempDir({ '.gitleaks.toml': CONFIG });
    const { code, out } = await cli(['import', 'gitleaks', '.gitleaks.toml'], { cwd });
    expect(code).toBe(0);
    expect(out).toContain('carried over: 2 rules, 1 global allowlist');
    for (const part of [
      'rule greek: regex: /\\p{Greek}+/ is left out',
      'rule files: not carried over: it has no regex',
      'the global allowlist: commits are not carried over',
      "extend.useDefault: Seaworthy's own rules",
      'extend.disabledRules (generic-api-key)',
    ])
      expect(out).toContain(part);
    expect(await cli(['import', 'gitleaks', 'none.toml'], { cwd })).toMatchObject({ code: 2, out: '' });
    expect(await cli(['import', 'nagios', '.gitleaks.toml'], { cwd })).toMatchObject({ code: 2, out: '' });
  });

  it('with an expression that never ends is ended, and the file is named', async () => {
    const one = repository(false);
    made.push(one);
    one.write('.gitleaks.toml', "[[rules]]\nid = 'evil'\nregex = '''^(a+)+$'''\n");
    one.write('a.txt', `${'a'.repeat(60)}!`);
    const facts = await lookAtTree(one.root);
    expect(facts.unscanned).toEqual([
      { file: 'a.txt', reason: 'not fully scanned: the imported rule evil took too long' },
    ]);
  });

  it('that is no TOML is a gap, not silence', async () => {
    const one = repository(false);
    made.push(one);
    one.write('.gitleaks.toml', '[[rules]\nid = 1');
    expect((await lookAtTree(one.root)).imported?.error).toContain('no TOML at line 1');
  });

  it('of any shape is read without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => void readGitleaksConfig(text)));
    for (const text of [
      'rules = 3',
      'rules = [1]',
      '[[rules]]\nregex = 5',
      'allowlist = "x"',
      '[extend]\ndisabledRules = 1',
    ])
      expect(readGitleaksConfig(text)).toMatchObject({ rules: [] });
  });
});

describe('expressions of Go', () => {
  it.each([
    ['(?i)abc', 'xABCx', true],
    ['a(?i:B)c', 'abc', true],
    ['[[:alnum:]_]{3}$', 'a_1', true],
    ['[]a]+x', ']ax', true],
    ['[a[]x', '[x', true],
    ['\\Aab\\z', 'ab', true],
    ['\\Aab\\z', 'ab\n', false],
    ['\\Qa.b\\E+', 'a.bb', true],
    ['\\x{41}b', 'Ab', true],
    ['(?P<n>x)y', 'xy', true],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['[^[:space:]]+', ' ', false],
  ])('%s on %j', (go, text, matches) => {
    const translated = translateExpression(go);
    expect(translated.ok && new RegExp(translated.source, translated.flags).test(text)).toBe(matches);
  });
  it.each(['(?U)a+', '\\pL', '[[:^alpha:]]', '(a'])('%s is refused', (go) => {
    expect(translateExpression(go).ok).toBe(false);
  });
});
