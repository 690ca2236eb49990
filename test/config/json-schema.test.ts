import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHECKS } from '../../checks/index.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(configJsonSchema(CHECKS));
const whole = () => parse(readFileSync(join(import.meta.dirname, 'whole.yaml'), 'utf8'));

describe('the JSON Schema of the configuration', () => {
  it('accepts a file with everything in it', () => {
    validate(whole());
    expect(validate.errors).toBeNull();
  });

  it.each([
    { version: 3 },
    { targets: [{ id: 'a', hots: 'local' }] },
    { checks: { 'headers.content-type-options': { depth: 1 } } },
    { checks: { 'no.such-check': 'off' } },
    { targets: [{ id: 'a', host: 'local', checks: { 'no.such-check': 'off' } }] },
    { alerting: { channels: { a: { slak: {} } } } },
  ])('refuses %j', (change) => expect(validate({ ...whole(), ...change })).toBe(false));
});
