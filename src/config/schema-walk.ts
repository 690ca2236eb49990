import { z } from 'zod';
import type { Path } from './problem.ts';

/** The part of JSON Schema that zod writes and that we walk. */
export interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  writeOnly?: boolean;
  [key: string]: unknown;
}

/** JSON Schema of what may be written (not of what it becomes). */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema;
}

/** The schemas that the value under `part` may have. */
export function childSchema(schema: JsonSchema, part: string | number): JsonSchema[] {
  const found: JsonSchema[] = [];
  for (const branch of [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    if (branch !== schema && (branch.anyOf || branch.oneOf)) found.push(...childSchema(branch, part));
    if (typeof part === 'number') {
      if (typeof branch.items === 'object') found.push(branch.items);
    } else if (branch.properties?.[part]) found.push(branch.properties[part]);
    else if (typeof branch.additionalProperties === 'object') found.push(branch.additionalProperties);
  }
  return found;
}

/** The keys that may stand at `path`: candidates for "did you mean". */
export function keysAt(schema: JsonSchema, path: Path): string[] {
  let level = [schema];
  for (const part of path) level = level.flatMap((one) => childSchema(one, part));
  const branches = level.flatMap((one) => [one, ...(one.anyOf ?? []), ...(one.oneOf ?? [])]);
  return [...new Set(branches.flatMap((branch) => Object.keys(branch.properties ?? {})))];
}
