import { z } from 'zod';

const scannedAddress = z.object({
  address: z.string(),
  family: z.union([z.literal(4), z.literal(6)]),
  /** TCP ports that took a connection. */
  open: z.array(z.number().int()),
  /** How many refused (closed, or rejected by a firewall: the two look alike from outside). */
  closed: z.number().int(),
  /** How many gave no answer in time, or an ICMP prohibition. */
  filtered: z.number().int(),
  /** Ports that were refused and filtered, for the join with the rules; each list only while it has at most 1024, else empty. */
  refusedPorts: z.array(z.number().int()),
  filteredPorts: z.array(z.number().int()),
  /** Our own address on that connection; `null` or absent = none of the connections told, or a translation is likely. */
  source: z.string().nullable().optional(),
});
export type ScannedAddress = z.infer<typeof scannedAddress>;

/**
 * TCP ports of a target as they look from the auditor, by plain connects. The outer fields are those of the first
 * address; `addresses` has every one, IPv4 and IPv6.
 */
export const portsFacts = z.object({
  address: z.string(),
  /** Ports and ranges: `1-65535`, `22,80,443`. */
  scanned: z.string(),
  open: z.array(z.number().int()),
  closed: z.number().int(),
  filtered: z.number().int(),
  /** Where the scan ran. */
  via: z.string(),
  addresses: z.array(scannedAddress).min(1),
  /** Addresses of the host that nobody looked at, each with the reason. */
  skipped: z.array(z.object({ address: z.string(), reason: z.string() })).optional(),
});
export type PortsFacts = z.infer<typeof portsFacts>;
