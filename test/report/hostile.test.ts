import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { githubAnnotations } from '../../src/report/annotations.ts';
import { badge } from '../../src/report/badge.ts';
import { plainLine, plainText } from '../../src/report/escape.ts';
import { renderReport } from '../../src/report/index.ts';
import { widthOf } from '../../src/report/terminal-text.ts';
import { finding } from '../support/findings.ts';
import { HOSTILE, PLAIN, reportOf } from './sample.ts';

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-composite' }),
  fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
);

/** A finding in which everything that a target decides is hostile. */
const hostileFinding: fc.Arbitrary<Finding> = fc
  .record({
    status: fc.constantFrom('fail' as const, 'unknown' as const, 'waived' as const, 'pass' as const),
    severity: fc.constantFrom('critical' as const, 'medium' as const, 'info' as const),
    subject: text,
    message: text,
    seen: text,
    wanted: text,
    remediation: text,
    reference: text,
    file: text,
    line: fc.integer({ min: 1, max: 9 }),
    reason: text,
  })
  .map(({ reference, file, line, reason, ...rest }) =>
    finding({
      ...rest,
      references: [reference],
      location: { file, line },
      waiver: rest.status === 'waived' ? { until: '2027-01-01', reason, owner: reason } : null,
    }),
  );

const report = fc
  .tuple(fc.array(hostileFinding, { minLength: 1, maxLength: 3 }), text)
  .map(([findings, name]) => reportOf(findings, { name, id: name }));

// What no terminal may be sent: controls but the line end, and marks that reorder or hide.
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const runs = { numRuns: 150 };

interface Element {
  name: string;
  attributes: Record<string, string>;
}

function elements(source: string, xmlMode: boolean): { elements: Element[]; texts: string[] } {
  const found: Element[] = [];
  const texts: string[] = [];
  const parser = new Parser(
    {
      onopentag: (name, attributes) => void found.push({ name, attributes }),
      ontext: (data) => void texts.push(data),
      oncdatastart: () => texts.push('CDATA'),
      oncomment: () => texts.push('COMMENT'),
    },
    { xmlMode, decodeEntities: true },
  );
  parser.write(source);
  parser.end();
  return { elements: found, texts };
}

describe('a hostile target', () => {
  it('cannot act on a terminal, nor break the lines', () => {
    fc.assert(
      fc.property(report, fc.boolean(), (given, verbose) => {
        const pretty = renderReport(given, 'pretty', { ...PLAIN, verbose });
        expect(pretty).not.toMatch(UNSAFE);
        const long = pretty.split('\n').filter((line) => widthOf(line) > 80);
        // Only a name may be longer than the line: it is shown whole.
        expect(long.every((line) => line.startsWith(plainLine(given.targets[0]?.id ?? '').slice(0, 20)))).toBe(true);
      }),
      runs,
    );
  });

  it('cannot add an element or an attribute to the HTML', () => {
    const known = new Set(
      elements(renderReport(reportOf([finding()]), 'html', PLAIN), false).elements.map(({ name }) => name),
    );
    for (const more of ['code', 'a', 'b']) known.add(more);
    fc.assert(
      fc.property(report, (given) => {
        const page = renderReport(given, 'html', PLAIN);
        expect(page.replaceAll('\t', '')).not.toMatch(UNSAFE);
        for (const { name, attributes } of elements(page, false).elements) {
          expect(known).toContain(name);
          expect(Object.keys(attributes).filter((key) => /^on|^style$/.test(key))).toEqual([]);
          if (name === 'a') expect(attributes.href).toMatch(/^https?:\/\//);
        }
      }),
      runs,
    );
  });

  it('cannot leave its attribute or text in the JUnit file, which stays XML', () => {
    fc.assert(
      fc.property(report, (given) => {
        const file = renderReport(given, 'junit', PLAIN);
        expect(file).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
        expect(file).not.toContain(']]>');
        const { elements: found, texts } = elements(file, true);
        expect(texts).not.toContain('CDATA');
        expect(texts).not.toContain('COMMENT');
        const cases = found.filter(({ name }) => name === 'testcase');
        expect(cases).toHaveLength(given.targets[0]?.findings.length ?? 0);
        for (const [index, { attributes }] of cases.entries()) {
          const one = given.targets[0]?.findings[index];
          const name = one?.subject === '' ? one.check : `${one?.check} [${one?.subject}]`;
          expect(attributes.name).toBe(plainText(name).replace(/[\ufffe\uffff]/g, '\ufffd'));
          expect(Object.keys(attributes)).toEqual(['name', 'classname', 'time']);
        }
      }),
      runs,
    );
  });

  it('cannot add a column, a tag, a link or a mention to the Markdown', () => {
    fc.assert(
      fc.property(report, (given) => {
        const page = renderReport(given, 'markdown', PLAIN);
        expect(page).not.toMatch(UNSAFE);
        const withoutCode = page.replace(/(?<!\\)`[^`\n]+`/g, 'CODE').replace(/<!-- -->|<\/?code>/g, '\u0001');
        for (const line of page.split('\n').filter((one) => /^\| (?:critical|medium|info) \|/.test(one))) {
          expect(line.match(/\|/g)).toHaveLength(6);
        }
        expect(withoutCode).not.toMatch(/<[a-z/!]/i);
        expect(withoutCode).not.toMatch(/@team|:\/\/|www\.|(?<!\\)\]\(/);
      }),
      runs,
    );
  });

  it('cannot start a workflow command', () => {
    fc.assert(
      fc.property(report, (given) => {
        const findings = given.targets.flatMap(({ id, findings: own }) =>
          own.map((one) => ({ target: id, finding: one })),
        );
        const lines = githubAnnotations(findings).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines).toHaveLength(findings.length);
        for (const line of lines) {
          expect(line).toMatch(/^::(?:error|warning|notice) file=[^,:]*,line=\d+,title=[^,:]*::/);
        }
      }),
      runs,
    );
  });

  it('cannot add an element to a badge', () => {
    fc.assert(
      fc.property(text, (label) => {
        const names = elements(badge({ grade: 'A', score: 95, label }), true).elements.map(({ name }) => name);
        expect(names).toEqual(['svg', 'title', 'clipPath', 'rect', 'g', 'rect', 'rect', 'g', 'text', 'text']);
      }),
      runs,
    );
  });

  it('leaves JSON that says the same again', () => {
    fc.assert(
      fc.property(report, (given) => {
        expect(JSON.parse(renderReport(given, 'json', PLAIN))).toEqual(JSON.parse(JSON.stringify(given)));
      }),
      runs,
    );
  });
});
