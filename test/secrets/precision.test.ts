import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createScanner } from '../../src/secrets/engine.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { sample } from '../../src/secrets/sample.ts';
import { createSighter, figures, readLabels } from '../precision/figures.ts';
import { plantedRecall } from '../precision/planted.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'test/precision/labels.tsv'), 'utf8');

describe('the sample for precision', () => {
  it('has at least 500 findings and nothing of them but hashes', () => {
    expect(readLabels(text).length).toBeGreaterThanOrEqual(500);
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^[@\w./-]+@[\w.-]+\t[^\t]+\t\d+\t[a-z0-9-]+\t[0-9a-f]{24}\t(?:secret|example|false)$/);
    expect(createScanner(RULES).scan(Buffer.from(text)).matches).toEqual([]);
  });

  it('is counted by what is still found, what is not any more, and how loud it was', () => {
    const sighter = createSighter(createScanner(RULES));
    const found = [
      ...sighter('a@1.0.0', 'src/a.js', Buffer.from(`password: "${sample(11)}#"`)),
      ...sighter('a@1.0.0', 'test/b.js', Buffer.from(`password: "${sample(12)}#"`)),
    ];
    expect(found).toHaveLength(2);
    const label = (fingerprint: string, file: string, verdict: 'secret' | 'example' | 'false') => ({
      ...{ package: 'a@1.0.0', file, rule: 'generic-password', fingerprint, label: verdict },
    });
    const labels = [
      label(found[0]?.fingerprint ?? '', 'src/a.js', 'false'),
      label(found[1]?.fingerprint ?? '', 'test/b.js', 'example'),
      label('0'.repeat(24), 'src/c.js', 'secret'),
      label('1'.repeat(24), 'src/c.js', 'false'),
    ];
    const kinds = new Map([['generic-password', 'generic' as const]]);
    expect(figures('generic', labels, found, (kind) => kind === 'generic', kinds)).toEqual({
      ...{ name: 'generic', found: 2, secret: 0, example: 1, false: 1, loud: 1, loudFalse: 1, lost: 1 },
    });
  });

  it('comes with examples that are found wherever they are planted, but for settings that stand at the beginning of a line only', () => {
    const hosts = ['src/secrets/span.ts', 'src/secrets/match.ts', 'package.json'].map((file) =>
      readFileSync(join(root, file), 'latin1'),
    );
    const { found, planted, missed } = plantedRecall(createScanner(RULES), RULES, hosts);
    expect([...missed].sort()).toEqual(['pgpass', 'setting-without-sign']);
    expect(found).toBeGreaterThanOrEqual(planted - 2);
  });
});
