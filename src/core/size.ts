import { z } from 'zod';

const POWERS = ['', 'k', 'm', 'g', 't'] as const;

/** Reads `10MB` (powers of 1000), `1GiB` (powers of 1024) or plain bytes; `undefined` where the text is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?)b?|b)?$/i.exec(text.trim());
  if (!match) return undefined;
  const power = POWERS.indexOf((match[2] ?? '').toLowerCase() as (typeof POWERS)[number]);
  return Math.round(Number(match[1]) * (match[3] ? 1024 : 1000) ** power);
}

/** Bytes for people, in powers of 1024: `20 B`, `1.5 GiB`. */
export function formatSize(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  if (power === 0) return `${bytes} B`;
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${POWERS[power]?.toUpperCase()}iB`;
}

/** A configuration value such as `1GiB`, or a number of bytes; becomes bytes. */
export const sizeSchema = z.union([z.number().int().nonnegative(), z.string()]).transform((value, context) => {
  const bytes = typeof value === 'number' ? value : parseSize(value);
  if (bytes === undefined) {
    context.addIssue({
      code: 'custom',
      message: `"${value}" is not a size; write bytes or a number and a unit, such as 10MB or 1GiB`,
    });
    return z.NEVER;
  }
  return bytes;
});
