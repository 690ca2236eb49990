import type { Action, Chain, Packet, Rule, Ruleset, Truth } from './model.ts';

/** One possible state of affairs: tests that are not understood split a world in two. */
export interface World {
  packet: Packet;
  /** Whether a client that comes too often fares worse. */
  limited: boolean;
}

/** What became of a packet in one possible world. */
export interface End extends World {
  verdict: 'accept' | 'drop' | 'reject' | 'unknown';
  by: string;
}

const MAX_WORLDS = 64;
/** The kernel itself allows 16 jumps deep. */
const MAX_DEPTH = 32;

/** Where the rules of one chain lead: decided in `ends`, or `through` its end. */
interface Passage {
  ends: End[];
  through: World[];
}

/** Sends worlds through a base chain; those that reach its end meet its policy. */
export function throughBase(
  ruleset: Ruleset,
  chain: Chain,
  worlds: readonly World[],
): { ends: End[]; accepted: End[] } {
  const { ends, through } = run(ruleset, chain, worlds, 0);
  const byPolicy = through.map((world): End => ({ ...world, verdict: chain.policy, by: `policy of ${chain.name}` }));
  const all = [...ends, ...byPolicy];
  return {
    ends: all.filter((end) => end.verdict !== 'accept'),
    accepted: all.filter((end) => end.verdict === 'accept'),
  };
}

function run(ruleset: Ruleset, chain: Chain, entering: readonly World[], depth: number): Passage {
  const ends: End[] = [];
  const returned: World[] = [];
  let flow: World[] = [...entering];
  for (const rule of chain.rules) {
    const next: World[] = [];
    for (const world of flow) {
      const { truth, limited } = matches(rule, world);
      // A rule that only works below or above a rate leaves those who come too often to the rules after it.
      if (truth !== true) next.push(limited === 'past' ? { ...world, limited: true } : world);
      if (truth === false) continue;
      const matched: World = {
        packet: rule.change ? rule.change(world.packet) : world.packet,
        limited: world.limited || limited === 'within',
      };
      const passage = act(ruleset, rule, matched, depth);
      ends.push(...passage.ends);
      next.push(...passage.next);
      returned.push(...passage.returned);
    }
    flow = distinct(next);
    if (flow.length > MAX_WORLDS) {
      ends.push(
        ...flow.map((world): End => ({ ...world, verdict: 'unknown', by: `${chain.name}: too many possibilities` })),
      );
      flow = [];
    }
    if (flow.length === 0) break;
  }
  return { ends: distinctEnds(ends), through: distinct([...flow, ...returned]) };
}

function act(
  ruleset: Ruleset,
  rule: Rule,
  world: World,
  depth: number,
): { ends: End[]; next: World[]; returned: World[] } {
  const { action } = rule;
  const end = (verdict: End['verdict'], packet = world.packet) => ({
    ends: [{ ...world, packet, verdict, by: rule.text }],
    next: [],
    returned: [],
  });
  switch (action.kind) {
    case 'accept':
    case 'drop':
    case 'reject':
    case 'unknown':
      return end(action.kind);
    case 'continue':
      return { ends: [], next: [world], returned: [] };
    case 'return':
      return { ends: [], next: [], returned: [world] };
    case 'dnat':
      return end('accept', rewrite(world.packet, action));
    case 'jump':
    case 'goto': {
      const target = ruleset.chains.get(action.chain);
      if (!target || depth >= MAX_DEPTH) return end('unknown');
      const { ends, through } = run(ruleset, target, [world], depth + 1);
      return action.kind === 'jump' ? { ends, next: through, returned: [] } : { ends, next: [], returned: through };
    }
  }
}

function rewrite(packet: Packet, to: Extract<Action, { kind: 'dnat' }>): Packet {
  return {
    ...packet,
    translated: true,
    rewritten: null,
    // A redirect goes to the first address of the interface, which need not be the one that was asked for.
    destination: to.address,
    local: to.address === null,
    port: to.port ?? packet.port,
  };
}

/** `within`: accepted only below a rate. `past`: those above a rate are turned away here, the first packet is not. */
function matches(rule: Rule, world: World): { truth: Truth; limited: 'within' | 'past' | null } {
  let truth: Truth = true;
  let limit = false;
  let over = false;
  for (const test of rule.tests) {
    if (test.kind === 'plain') {
      const held = test.holds(world.packet);
      if (held === false) return { truth: false, limited: null };
      if (held === null) truth = null;
    } else if (test.kind === 'limit') limit = true;
    else over = true;
  }
  const { kind } = rule.action;
  const deny = kind === 'drop' || kind === 'reject';
  if (over) {
    // "Over" stops those who come too often: the first packet passes by.
    if (kind === 'continue') return { truth: false, limited: null };
    return deny || kind === 'jump' || kind === 'goto'
      ? { truth: false, limited: 'past' }
      : { truth: null, limited: null };
  }
  if (limit && deny) return { truth: null, limited: null };
  return { truth, limited: limit && kind !== 'continue' ? 'within' : null };
}

function distinct(worlds: readonly World[]): World[] {
  return [...new Map(worlds.map((world) => [keyOf(world), world])).values()];
}

/** Without those that differ in nothing that matters. */
export function distinctEnds(ends: readonly End[]): End[] {
  return [...new Map(ends.map((end) => [`${end.verdict} ${keyOf(end)} ${end.by}`, end])).values()].slice(0, 256);
}

function keyOf({ packet, limited }: World): string {
  return [
    limited,
    packet.destination,
    packet.port,
    packet.local,
    packet.tracked,
    packet.translated,
    packet.rewritten,
    packet.mark,
    packet.connectionMark,
  ].join(' ');
}
