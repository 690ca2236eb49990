import type { z } from 'zod';

/** A body that should be JSON of that shape; `undefined` where it is not. */
export function readJson<T>(schema: z.ZodType<T>, body: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
