import { z } from 'zod';
import { statusSchema } from './finding.ts';
import { severitySchema } from './severity.ts';

/** Where a header line can be written; the order in which they are offered. */
export const HEADER_SERVERS = ['nginx', 'apache', 'caddy', 'express', 'hono', 'node'] as const;
export type HeaderServer = (typeof HEADER_SERVERS)[number];

const linesSchema = z.record(z.enum(HEADER_SERVERS), z.string());

/** One security header of a page: what was sent, what the checks say of it, and the line that mends it. */
export const headerVerdictSchema = z.object({
  header: z.string(),
  /** Lines as sent, `Name: value`; none where it is missing. */
  sent: z.array(z.string()),
  /** The worst of its findings. */
  status: statusSchema,
  /** Of the worst failure; `null` where nothing fails. */
  severity: severitySchema.nullable(),
  findings: z.array(
    z.object({
      fingerprint: z.string(),
      check: z.string(),
      status: statusSchema,
      severity: severitySchema,
      message: z.string(),
    }),
  ),
  /** What to write into the configuration of each server; `null` where nothing is wrong or no line can mend it. */
  lines: linesSchema.nullable(),
  /** What to know before pasting, or what to do where there is no line. */
  note: z.string().nullable(),
});
export type HeaderVerdict = z.infer<typeof headerVerdictSchema>;

/** All headers of the page that one address gives. */
const headerSheet = z.object({
  /** `192.0.2.1:443`; `null` where it was not recorded. */
  address: z.string().nullable(),
  /** Why nothing could be told of this address; `null` where something could. */
  absence: z.string().nullable(),
  /** The page that was judged. */
  url: z.string().nullable(),
  headers: z.array(headerVerdictSchema),
  /** Headers whose verdict is another than at the first address. */
  differs: z.array(z.string()),
  /** Every line at once, ready to paste; `null` where nothing is to be added. */
  all: linesSchema.nullable(),
});
export type HeaderSheet = z.infer<typeof headerSheet>;

/** The headers of a target, address by address. */
export const headerPictureSchema = z.object({ addresses: z.array(headerSheet) });
export type HeaderPicture = z.infer<typeof headerPictureSchema>;
