import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';
import type { Ruleset } from './model.ts';
import { outsideAddresses, type PortRange, portMap } from './open-ports.ts';
import { readRuleset } from './ruleset.ts';

/** What strangers meet at every port, per family that the host has an outside address of. */
export interface FirewallReading {
  ruleset: Ruleset;
  maps: ReadonlyMap<4 | 6, PortRange[]>;
}

const readings = new WeakMap<HostFirewallFacts, FirewallReading>();

/** The reading of a host's rules, made once for all checks that ask. */
export function readFirewall(firewall: HostFirewallFacts): FirewallReading {
  const before = readings.get(firewall);
  if (before) return before;
  const ruleset = readRuleset(firewall);
  // Where no address could be read, IPv4 is judged without one and IPv6 not at all.
  const families = ([4, 6] as const).filter((family) => outsideAddresses(firewall, family).length > 0);
  const maps = new Map(
    (families.length > 0 ? families : [4 as const]).map((family) => [family, portMap(ruleset, firewall, family)]),
  );
  const reading = { ruleset, maps };
  readings.set(firewall, reading);
  return reading;
}
