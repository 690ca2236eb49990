import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanner } from '../../src/secrets/engine.ts';
import { parseIgnoreFile } from '../../src/secrets/ignore.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { sample } from '../../src/secrets/sample.ts';

const scanner = createScanner(RULES);
const token = `glpat-${sample(20)}`;
const reason = (text: string) => scanner.scan(Buffer.from(text)).matches[0]?.ignored?.reason;

describe('a comment beside a secret', () => {
  it.each([
    ['on the same line', `x = '${token}' # seaworthy:ignore gitlab-pat made up for the manual\n`],
    ['on the line before', `// seaworthy:ignore gitlab-pat made up for the manual\nx = '${token}'\n`],
    ['for every rule', `/* seaworthy:ignore * made up for the manual */\nx = '${token}'\n`],
    ['in HTML', `<!-- seaworthy:ignore gitlab-pat made up for the manual -->\n${token}`],
  ])('is heeded %s', (_, text) => expect(reason(text)).toBe('made up for the manual'));

  it.each([
    ['without a reason', `x = '${token}' # seaworthy:ignore gitlab-pat\n`],
    ['for another rule', `x = '${token}' # seaworthy:ignore github-pat made up for the manual\n`],
    ['two lines before', `# seaworthy:ignore gitlab-pat made up for the manual\n\nx = '${token}'\n`],
    ['on the line after', `x = '${token}'\n# seaworthy:ignore gitlab-pat made up for the manual\n`],
  ])('is not heeded %s', (_, text) => {
    expect(scanner.scan(Buffer.from(text)).matches).toHaveLength(1);
    expect(reason(text)).toBeUndefined();
  });
});

describe('.seaworthyignore', () => {
  const fingerprint = '0123456789abcdef01234567';

  it('accepts by fingerprint, with owner, day and reason in any order', () => {
    const text = `# revoked\n\n${fingerprint} owner=ana until=2027-01-31 revoked on the day\n${fingerprint} a test until=2027-01-31 owner=ben\r\n`;
    expect(parseIgnoreFile(text)).toEqual({
      entries: [
        { fingerprint, owner: 'ana', until: '2027-01-31', reason: 'revoked on the day' },
        { fingerprint, owner: 'ben', until: '2027-01-31', reason: 'a test' },
      ],
      problems: [],
    });
  });

  it.each([
    ['no fingerprint', 'src/a.ts owner=a until=2027-01-01 x', 1],
    ['no owner', `${fingerprint} until=2027-01-01 x`, 1],
    ['no end', `${fingerprint} owner=a x`, 1],
    ['a day that does not exist', `${fingerprint} owner=a until=2027-13-01 x`, 1],
    ['no reason', `${fingerprint} owner=a until=2027-01-01`, 1],
  ])('counts no line with %s', (_, text, line) => {
    const { entries, problems } = parseIgnoreFile(text);
    expect(entries).toEqual([]);
    expect(problems.map((one) => one.line)).toEqual([line]);
  });

  it('reads anything', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { entries, problems } = parseIgnoreFile(text);
        expect(entries.length + problems.length).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });
});
