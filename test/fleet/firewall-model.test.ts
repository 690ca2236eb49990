import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inbound } from '../../src/analysis/firewall/inbound.ts';
import { readRuleset } from '../../src/analysis/firewall/ruleset.ts';
import { parseIp } from '../../src/analysis/ip-range.ts';
import { firewallSection } from '../../src/probes/host/firewall.ts';
import { readFrames } from '../../src/probes/host/frame.ts';
import { hostScript } from '../../src/probes/host/script.ts';
import { type Answer, CLIENTS, type Machine, Network, PORTS } from './firewall/network.ts';
import { type RandomRules, randomRules, rulesFor } from './firewall/random-rules.ts';
import { describeLab } from './lab/available.ts';

/**
 * Random rule sets are loaded for real into network namespaces and read back by the host script; what the model says of
 * them has to be what connections really meet. SEAWORTHY_RULE_SETS and SEAWORTHY_SEED change how many and which.
 */
const RULE_SETS = Number(process.env.SEAWORTHY_RULE_SETS ?? 200);
const SEED = Number(process.env.SEAWORTHY_SEED ?? 20_261_101);
const MACHINES = 6;

let network: Network;

const EMPTY = ['raw', 'nat', 'filter']
  .map((table) => `*${table}\n${table === 'filter' ? ':INPUT ACCEPT\n:FORWARD ACCEPT\n' : ''}COMMIT\n`)
  .join('');
const CLEAR = `nft flush ruleset
for tool in iptables-legacy-restore ip6tables-legacy-restore; do ${'$'}tool <<'TABLES'
${EMPTY}TABLES
done`;

/** Whether the tools took the rules: a random set may contradict itself (`ip saddr` and `ip6 saddr` in one rule). */
async function load(machine: Machine, rules: RandomRules): Promise<boolean> {
  await network.run(machine, ['sh', '-c', CLEAR]);
  const variant = rules.legacy ? 'legacy' : 'nft';
  try {
    if (rules.iptables) await network.run(machine, [`iptables-${variant}-restore`], rules.iptables);
    if (rules.ip6tables) await network.run(machine, [`ip6tables-${variant}-restore`], rules.ip6tables);
    if (rules.nft) await network.run(machine, ['nft', '-f', '-'], rules.nft);
    return true;
  } catch (error) {
    if (/conflicting|Invalid argument|line \d+ failed|Operation not supported|interval overlaps/.test(String(error)))
      return false;
    throw error;
  }
}

async function read(machine: Machine) {
  const said = await network.run(machine, ['sh', '-s'], hostScript([firewallSection], { marker: 'm', sudo: false }));
  const frame = readFrames(Buffer.from(said), Buffer.alloc(0), { marker: 'm', sections: [firewallSection] }).frames.get(
    'host.firewall',
  );
  if (!frame?.ok) throw new Error(`the section gave nothing: ${frame?.absence.reason}`);
  return firewallSection.parse(frame.output);
}

const MEETS: Record<string, Answer> = { accept: 'open', reject: 'refused', drop: 'silent' };

/** Loads one rule set and compares; which verdicts were not sure. `null` = the tools refused the rules. */
async function tryOut(machine: Machine, rules: RandomRules): Promise<{ unsure: string[]; wrong: string[] } | null> {
  if (!(await load(machine, rules))) return null;
  const facts = await read(machine);
  const ruleset = readRuleset(facts);
  const unsure: string[] = [];
  const questions = ([4, 6] as const).flatMap((family) =>
    CLIENTS[family].flatMap((client) => PORTS.map((port) => ({ family, client, port }))),
  );
  const wrong = await Promise.all(
    questions.map(async ({ family, client, port }) => {
      const address = machine.address[family];
      const verdict = inbound(ruleset, facts, {
        family,
        port,
        source: parseIp(client)?.value ?? 0n,
        at: { device: 'eth0', address },
      });
      const expected = MEETS[verdict.verdict];
      if (!expected) {
        unsure.push(`${address} ${port}: ${verdict.by}`);
        return null;
      }
      // Only silence costs time: where an answer is expected there is all the time in the world for it.
      const met = await network.connect(address, port, client, expected === 'silent' ? 400 : 20_000);
      return met === expected || (verdict.eitherWay && met !== 'open')
        ? null
        : `${client} -> ${address} ${port}: the model says ${verdict.verdict} by "${verdict.by}", it met ${met}`;
    }),
  );
  return { unsure, wrong: wrong.filter((one) => one !== null) };
}

describeLab('the firewall model', () => {
  beforeAll(async () => {
    network = await Network.start(MACHINES);
  });
  afterAll(() => network?.stop());

  it(`says of ${RULE_SETS} random rule sets what connections really meet`, { timeout: 600_000 }, async () => {
    const sets = fc.sample(randomRules, { numRuns: RULE_SETS * 3, seed: SEED });
    let tried = 0;
    const unsure: string[] = [];
    const wrong: { met: string[]; rules: string }[] = [];
    await Promise.all(
      network.machines.map(async (machine) => {
        for (let rules = sets.pop(); rules && tried < RULE_SETS && wrong.length === 0; rules = sets.pop()) {
          const loaded = rulesFor(rules, machine);
          const result = await tryOut(machine, loaded);
          if (!result) continue;
          tried += 1;
          unsure.push(...result.unsure);
          if (result.wrong.length > 0)
            wrong.push({ met: result.wrong, rules: [loaded.nft, loaded.iptables, loaded.ip6tables].join('\n') });
        }
      }),
    );
    expect(
      wrong.map((one) => one.met),
      wrong.map((one) => one.rules).join('\n'),
    ).toEqual([]);
    // What stays open: limits that reject, and two tables of one priority that contradict each other.
    expect(unsure.length, unsure.slice(0, 20).join('\n')).toBeLessThan(tried * 24 * 0.05);
    expect(tried).toBeGreaterThanOrEqual(RULE_SETS);
  });
});
