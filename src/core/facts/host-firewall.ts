import { z } from 'zod';

/** The output of one `iptables-save` or `ip6tables-save`, comments and counters included. */
const savedTables = z.object({
  command: z.string(),
  family: z.union([z.literal(4), z.literal(6)]),
  /** `legacy` rules live beside those of nftables and are invisible to `nft`. */
  variant: z.enum(['nft', 'legacy']),
  lines: z.array(z.string()),
});
export type SavedTables = z.infer<typeof savedTables>;

/**
 * Rules of the packet filter as the tools print them; `analysis/firewall` reduces them to one model. Kept raw so that
 * recorded facts can be judged again by a newer reading.
 */
export const hostFirewallFacts = z.object({
  /** The list under `nftables` of `nft -j list ruleset`; `null` = nft is not there. */
  nft: z.array(z.record(z.string(), z.unknown())).nullable(),
  saved: z.array(savedTables),
  /** Sources of rules that exist and could not be read, with the reason: no verdict is sure while there is one. */
  unread: z.array(z.object({ source: z.string(), reason: z.string() })),
  /** `ip -o addr`: which addresses the host answers on. Empty = could not be told. */
  addresses: z.array(
    z.object({
      device: z.string(),
      family: z.union([z.literal(4), z.literal(6)]),
      address: z.string(),
      prefix: z.number().int(),
    }),
  ),
  ufw: z
    .object({
      enabled: z.boolean().nullable(),
      /** `DEFAULT_INPUT_POLICY` and `IPV6` of /etc/default/ufw. */
      input: z.string().nullable(),
      ipv6: z.boolean().nullable(),
    })
    .nullable(),
  firewalld: z
    .object({
      running: z.boolean().nullable(),
      /** `--list-all-zones` as it is in force and as it comes back after a reboot; `null` where they could not be read. */
      zones: z
        .object({ runtime: z.array(z.string()), permanent: z.array(z.string()) })
        .nullable()
        .optional(),
    })
    .nullable(),
  forwarding: z.object({ ipv4: z.boolean().nullable(), ipv6: z.boolean().nullable() }),
  /** What brings rules back after a reboot. */
  boot: z.object({
    /** Units that are enabled: nftables, ufw, netfilter-persistent, firewalld, iptables ...; `null` = could not be told. */
    enabled: z.array(z.string()).nullable(),
    /** Files with rules that a boot loads (/etc/nftables.conf, /etc/iptables/rules.v4 ...): lines that are neither empty nor comment. */
    files: z.array(z.object({ path: z.string(), lines: z.array(z.string()) })),
  }),
});
export type HostFirewallFacts = z.infer<typeof hostFirewallFacts>;
