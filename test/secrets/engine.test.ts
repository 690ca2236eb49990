import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAutomaton } from '../../src/secrets/automaton.ts';
import { base62Checksum, crc32 } from '../../src/secrets/checksum.ts';
import { createScanner } from '../../src/secrets/engine.ts';
import { rarity } from '../../src/secrets/rarity.ts';
import { createFingerprinter, redact } from '../../src/secrets/redact.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { sample } from '../../src/secrets/sample.ts';

const scanner = createScanner(RULES);
const find = (text: string) => scanner.scan(Buffer.from(text)).matches;

describe('the automaton', () => {
  it('finds every keyword at every place, as a plain search does', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'A', 'c', '-'), { maxLength: 60 }).map((all) => all.join(''));
    const words = fc.uniqueArray(
      fc.array(fc.constantFrom('a', 'b', 'c', '-'), { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(letters, words, (text, keywords) => {
        const found: string[] = [];
        createAutomaton(keywords).search(Buffer.from(text), (keyword, start) => {
          found.push(`${start}:${keywords[keyword]}`);
          return true;
        });
        const expected: string[] = [];
        const folded = text.toLowerCase();
        for (const word of keywords)
          for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + 1))
            expected.push(`${at}:${word}`);
        expect(found.sort()).toEqual(expected.sort());
      }),
    );
  });
});

describe('the scanner', () => {
  it.each([
    ['.env', (value: string) => `GITLAB_TOKEN=${value}\n`],
    ['a quoted string', (value: string) => `const x = '${value}';`],
    ['YAML', (value: string) => `gitlab:\n  token: ${value}\n`],
    ['JSON in a string', (value: string) => `"{\\"token\\":\\"${value}\\"}"`],
    ['the end of an escape', (value: string) => `"line\\n${value}\\n"`],
    ['a URL', (value: string) => `https://oauth2:${value}@gitlab.example/x.git`],
    ['an XML element', (value: string) => `<token>${value}</token>`],
    ['nothing around it', (value: string) => value],
  ])('finds a token in %s', (_, around) => {
    expect(find(around(`glpat-${sample(20)}`)).map((match) => match.rule.id)).toEqual(['gitlab-pat']);
  });

  it('calls a match by the rule that knows most of it, once', () => {
    expect(find(`SENDGRID_API_KEY="SG.${sample(22)}.${sample(43)}"`).map(({ rule }) => rule.id)).toEqual([
      'sendgrid-key',
    ]);
    expect(find(`db_password_url=postgres://a:${sample(12)}@db/x`).map(({ rule }) => rule.id)).toEqual([
      'postgres-url',
    ]);
  });

  it('doubts what has a wrong checksum or says that it is an example, and still names it', () => {
    const wrong = `ghp_${sample(36)}`;
    const example = ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('');
    expect(find(wrong)).toMatchObject([{ rule: { id: 'github-pat' }, doubtful: true }]);
    expect(find(`key = ${example}`)).toMatchObject([{ rule: { id: 'aws-access-key-id' }, doubtful: true }]);
  });

  it('counts lines', () => {
    const text = `\n\n glpat-${sample(20)}\r\n\nglpat-${sample(20, 'base62', 2)} glpat-${sample(20, 'base62', 3)}\n`;
    expect(find(text).map((match) => match.line)).toEqual([3, 5, 5]);
  });

  it('never throws and never reports what is not there', () => {
    const parts = fc.constantFrom(
      ...RULES.flatMap((rule) => [...rule.keywords, ...rule.examples.true]),
      '=',
      '"',
      '\n',
      ' ',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string({ maxLength: 30 })), { maxLength: 12 }), (all) => {
        const bytes = Buffer.from(all.join(''));
        for (const match of scanner.scan(bytes).matches) {
          expect(match.start).toBeGreaterThanOrEqual(0);
          expect(match.end).toBeLessThanOrEqual(bytes.length);
          expect(match.secret.length).toBeGreaterThan(2);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stops when its time is over and says so', () => {
    let now = 0;
    const clock = () => (now += 1_000);
    const { incomplete } = scanner.scan(Buffer.from('password=x '.repeat(20_000)), { clock, budgetMs: 3_000 });
    expect(incomplete).toBe('scanning took longer than 3 s');
  });

  it('stops at a bound of work that no clock has a say in, and says so', () => {
    const hostile = Buffer.from('PuTTY-User-Key-File-3: a\n'.repeat(400_000));
    expect(scanner.scan(hostile, { budgetMs: 600_000, maxWork: 200_000 }).incomplete).toContain('more work');
    const ordinary = Buffer.from('const password = readPassword(token);\n'.repeat(20_000));
    expect(scanner.scan(ordinary).incomplete).toBeNull();
  });

  it('gives up on a file that is nothing but secrets, and says so', () => {
    const text = Array.from({ length: 1_500 }, (_, n) => `glpat-${sample(20, 'base62', n)}`).join('\n');
    expect(scanner.scan(Buffer.from(text)).incomplete).toContain('more than 1000');
  });
});

describe('hostile content', () => {
  const fillers = (rule: (typeof RULES)[number]): string[] => {
    const [keyword = ''] = rule.keywords;
    const [example] = rule.examples.true;
    return [
      keyword,
      `${keyword} `,
      `${keyword}=`,
      `${keyword}:"`,
      `${keyword}_a.`,
      `${keyword}'`.repeat(3),
      example.slice(0, -3),
      `${example.slice(0, keyword.length + 12)} `,
      `${keyword}${'a'.repeat(150)}`,
      `${keyword}${'-'.repeat(40)}`,
      `${keyword}${' '.repeat(19)}`,
      `${keyword}="${'\\'.repeat(60)}`,
      `${keyword}=${'Aa0/'.repeat(30)}\n`,
      `${keyword}: ${'\n'.repeat(5)}`,
      `"${keyword}": [{"${keyword}":`,
      `${'_'.repeat(120)}${keyword}`,
      `${keyword.toUpperCase()}=${keyword}@${keyword}://${keyword}:`,
      `${example.slice(0, Math.ceil(example.length / 2))}\r\n`,
    ];
  };

  /**
   * By construction every match costs a bounded number of steps (see "is anchored and bounded"); this holds the bounds to be
   * small. Rule sets without them need minutes for such files; the allowance is a hundred times what is needed here.
   */
  it.each(RULES.map((rule) => ({ id: rule.id, rule })))('of $id is scanned in no time', ({ rule }) => {
    const alone = createScanner([rule]);
    for (const filler of fillers(rule)) {
      const bytes = Buffer.from(filler.repeat(Math.ceil(65_536 / filler.length)));
      const started = performance.now();
      const { incomplete } = alone.scan(bytes, { budgetMs: 60_000 });
      const took = performance.now() - started;
      expect(took, `${JSON.stringify(filler.slice(0, 60))}`).toBeLessThan(5_000);
      if (incomplete !== null) expect(incomplete).toContain('more than 1000');
    }
  });
});

describe('what may be shown', () => {
  it('never holds more than the last four characters beyond what the format gives away', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, maxLength: 80 }), (secret) => {
        const shown = redact(secret, { kind: 'format', keywords: ['ghp_'] });
        if (secret.length > 4) expect(shown).not.toContain(secret.slice(0, -4).slice(-6).padEnd(6, '\u0000'));
      }),
    );
    expect(redact('password99', { kind: 'generic', keywords: ['password'] })).toBe('(redacted)');
    expect(redact(`ghp_${sample(36)}`, { kind: 'format', keywords: ['ghp_'] })).toBe(
      `ghp_...${sample(36).slice(-4)} (40 characters)`,
    );
  });

  it('is a fingerprint that depends on the secret and the key only', () => {
    const plain = createFingerprinter();
    expect(plain('a')).toBe(createFingerprinter()('a'));
    expect(plain('a')).not.toBe(plain('b'));
    expect(plain('a')).not.toBe(createFingerprinter('key')('a'));
    const block = ['-----BEGIN', 'RSA PRIVATE KEY-----\nAAAA\nBBBB\n'].join(' ');
    expect(plain(block)).toBe(plain(block.replaceAll('\n', '\\n')));
  });
});

describe('checksums and rarity', () => {
  it('agree with published values', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(base62Checksum('')).toBe('000000');
  });

  it('tell words from random text', () => {
    for (const word of [
      'internationalization',
      'authenticationTokenProvider',
      'shop-frontend-credentials',
      'getAccessTokenSilently',
    ])
      expect(rarity(word), word).toBeLessThan(0.35);
    for (let seed = 1; seed < 50; seed += 1) expect(rarity(sample(32, 'base62', seed))).toBeGreaterThan(0.5);
  });
});
