import { z } from 'zod';
import type { Check } from '../core/check.ts';
import { SEVERITIES } from '../core/severity.ts';
import { fileSchema } from './schema/index.ts';
import { inputSchema, type JsonSchema } from './schema-walk.ts';

/** JSON Schema of the file, for editors, with the options of every check in it. */
export function configJsonSchema(checks: readonly Check[]): JsonSchema {
  const schema = inputSchema(fileSchema);
  const own = {
    enabled: { type: 'boolean' },
    severity: { enum: [...SEVERITIES] },
  };
  const options = Object.fromEntries(
    checks.map((check) => {
      const { $schema: _, ...rest } = inputSchema(check.options);
      const properties = { ...own, ...rest.properties };
      return [
        check.id,
        {
          description: check.title,
          anyOf: [{ enum: ['on', 'off'] }, { type: 'boolean' }, { ...rest, properties }],
        },
      ];
    }),
  );
  const overrides = {
    type: 'object',
    properties: options,
    patternProperties: {
      '^[a-z]+\\.\\*$': {
        anyOf: [
          { enum: ['on', 'off'] },
          { type: 'boolean' },
          { type: 'object', properties: own, additionalProperties: false },
        ],
      },
    },
    additionalProperties: false,
  };
  const { $schema: dialect, ...body } = schema;
  return {
    $schema: dialect ?? z.toJSONSchema(z.any()).$schema,
    title: 'seaworthy.yaml',
    ...replaceChecks(withoutFormats(body), overrides),
  };
}

/** A reference may stand where an address is wanted, so no text is held to a format. */
function withoutFormats(schema: JsonSchema): JsonSchema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([key, one]) => key !== 'format' || typeof one !== 'string');
    return Object.fromEntries(entries.map(([key, one]) => [key, walk(one)]));
  };
  return walk(schema) as JsonSchema;
}

/** Puts the checks' own options in place of the open map, at the top and in every kind of target. */
function replaceChecks(schema: JsonSchema, overrides: JsonSchema): JsonSchema {
  const targets = schema.properties?.targets;
  const items = targets && typeof targets.items === 'object' ? targets.items : undefined;
  const kinds = items?.anyOf?.map((kind) => ({ ...kind, properties: { ...kind.properties, checks: CHECKS_REF } }));
  return {
    ...schema,
    properties: {
      ...schema.properties,
      checks: CHECKS_REF,
      ...(targets && kinds ? { targets: { ...targets, items: { ...items, anyOf: kinds } } } : {}),
    },
    $defs: { checks: overrides },
  };
}

const CHECKS_REF: JsonSchema = { $ref: '#/$defs/checks' };
