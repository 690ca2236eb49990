import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sarifReport } from '../../src/report/sarif.ts';
import { finding } from '../support/findings.ts';
import { EVERYTHING, HOSTILE, PLAIN, reportOf } from './sample.ts';
import { SARIF_SUBSET } from './sarif-subset.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);

/** The official schema is not ours to ship: `SARIF_SCHEMA=/path/to/sarif-schema-2.1.0.json` tests against it too. */
const official = process.env.SARIF_SCHEMA;
const schemas: [string, object][] = [['what we know of it', SARIF_SUBSET]];
if (official !== undefined) {
  const {
    $schema: _,
    id: __,
    ...schema
  } = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(official, 'utf8')));
  schemas.push(['the official schema', schema]);
}

const logSchema = z.object({
  runs: z.array(
    z.object({
      tool: z.object({ driver: z.object({ rules: z.array(z.object({ id: z.string() })) }) }),
      invocations: z.array(
        z.object({ toolExecutionNotifications: z.array(z.unknown()), executionSuccessful: z.boolean() }),
      ),
      results: z.array(
        z.object({
          ruleId: z.string(),
          ruleIndex: z.number(),
          suppressions: z.array(z.unknown()).optional(),
          baselineState: z.string().optional(),
          message: z.object({ text: z.string() }),
          locations: z.array(
            z.object({ physicalLocation: z.object({ artifactLocation: z.object({ uri: z.string() }) }) }),
          ),
        }),
      ),
    }),
  ),
});
const runOf = (text: string) => {
  const [run] = logSchema.parse(JSON.parse(text)).runs;
  if (!run) throw new Error('no run');
  return run;
};

const hostile = HOSTILE.map((text) =>
  finding({ subject: text, message: text, seen: text, references: [text], location: { file: `../${text}`, line: 3 } }),
);
const samples: [string, string][] = [
  ['one of everything', sarifReport(reportOf(EVERYTHING), PLAIN)],
  ['nothing', sarifReport(reportOf([]), PLAIN)],
  ['hostile text', sarifReport(reportOf(hostile, { name: HOSTILE.join(), id: HOSTILE.join() }), PLAIN)],
  ['a baseline', sarifReport(reportOf(EVERYTHING), { ...PLAIN, baselineState: () => 'new' })],
];

describe.each(schemas)('SARIF fits %s', (_, schema) => {
  const validate = ajv.compile(schema);
  it.each(samples)('%s', (_name, text) => {
    validate(JSON.parse(text));
    expect(validate.errors).toBeNull();
  });
});

describe('SARIF', () => {
  const run = runOf(sarifReport(reportOf(EVERYTHING), PLAIN));

  it('has failures as results, waived ones suppressed, and no passes: viewers show every result as a problem', () => {
    expect(run.results.map((result) => [result.ruleId, result.suppressions?.length ?? 0])).toEqual([
      ['headers.csp', 0],
      ['headers.cookies', 0],
      ['tls.groups', 1],
      ['secrets.repository', 0],
    ]);
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
  });

  it('says what could not be looked at', () => {
    expect(run.invocations[0]?.toolExecutionNotifications).toHaveLength(1);
    const blind = runOf(sarifReport(reportOf([finding({ status: 'unknown' })]), PLAIN));
    expect(blind.invocations[0]?.executionSuccessful).toBe(false);
  });

  it('names a file where there is one, and the target elsewhere', () => {
    const places = run.results.map((result) => result.locations[0]?.physicalLocation.artifactLocation.uri);
    expect(places).toEqual(['endpoint/shop-web', 'endpoint/shop-web', 'endpoint/shop-web', 'src/a%20b.ts']);
  });

  it('does not let a message hold a link', () => {
    const [result] = runOf(sarifReport(reportOf([finding({ message: '[x](https://evil.example)' })]), PLAIN)).results;
    expect(result?.message.text).toBe('\\[x\\](https://evil.example)');
  });
});
