import * as fc from 'fast-check';
import { CLIENTS, type Machine, PORTS } from './network.ts';

/** Rules in the tools' own languages, made at random. `%4` and `%6` stand for the machine's own addresses. */
export interface RandomRules {
  nft: string | null;
  /** Whether the iptables text goes to the legacy tables. */
  legacy: boolean;
  iptables: string | null;
  ip6tables: string | null;
}

const port = fc.constantFrom(...PORTS);
const somePorts = fc.uniqueArray(port, { minLength: 1, maxLength: 4 });
const some = (...texts: string[]) => fc.constantFrom(...texts);
const portSpan = fc.tuple(port, port).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const not = fc.constantFrom('', '', '', '!');

function nftCondition(): fc.Arbitrary<string> {
  const [one4, two4] = CLIENTS[4];
  const [one6] = CLIENTS[6];
  const negation = not.map((word) => (word === '!' ? '!= ' : ''));
  return fc.oneof(
    { weight: 5, arbitrary: fc.tuple(negation, port).map(([n, p]) => `tcp dport ${n}${p}`) },
    { weight: 3, arbitrary: fc.tuple(negation, somePorts).map(([n, list]) => `tcp dport ${n}{ ${list.join(', ')} }`) },
    { weight: 2, arbitrary: fc.tuple(negation, portSpan).map(([n, [a, b]]) => `tcp dport ${n}${a}-${b}`) },
    portSpan.map(([a, b]) => `th dport { ${a}, ${b + 1}-${b + 9} }`),
    fc.tuple(some('<', '>', '<=', '>='), port).map(([op, p]) => `tcp dport ${op} ${p}`),
    fc
      .tuple(
        negation,
        some(one4, two4, '10.78.0.0/24', '10.78.0.2-10.78.0.7', '{ 10.78.0.1, 192.0.2.0/24 }', '0.0.0.0/0'),
      )
      .map(([n, a]) => `ip saddr ${n}${a}`),
    fc.tuple(negation, some(one6, 'fd78::/64', '{ fd78::2, 2001:db8::/32 }')).map(([n, a]) => `ip6 saddr ${n}${a}`),
    some('ip daddr %4', 'ip6 daddr %6', 'ip daddr != %4', 'ip daddr 192.0.2.1'),
    some('iifname "eth0"', 'iifname "lo"', 'iifname != "lo"', 'iifname "e*"', 'iifname { "lo", "eth0" }', 'iif lo'),
    some(
      'meta nfproto ipv4',
      'meta nfproto ipv6',
      'meta l4proto tcp',
      'meta l4proto udp',
      'meta l4proto { tcp, udp }',
      'udp dport 53',
      'ip protocol tcp',
    ),
    some(
      'ct state new',
      'ct state established,related',
      'ct state != new',
      'ct state invalid',
      'ct state { new, untracked }',
      'ct status dnat',
      'ct direction original',
      'ct state new ct direction reply',
      'ct state { established, related, new }',
      'meta nfproto ipv4 ct original ip daddr %4',
      'ct mark 0',
    ),
    some(
      'tcp flags syn',
      'tcp flags & (fin|syn|rst|ack) == syn',
      'tcp flags & (fin|syn|rst|ack) != syn',
      'tcp flags == ack',
      'tcp flags & (syn|ack) == syn|ack',
    ),
    some(
      'fib daddr type local',
      'fib daddr type != local',
      'fib daddr type { broadcast, multicast }',
      'fib saddr . iif oif missing',
      'fib saddr . iif oif exists',
    ),
    some(
      'tcp dport @doors',
      'tcp dport != @doors',
      'ip saddr @friends',
      'ip saddr . tcp dport @pairs',
      'ip saddr . tcp dport != @pairs',
      'ip6 saddr . tcp dport @pairs6',
      'iifname . tcp dport { "eth0" . 22, "lo" . 80, "eth0" . 5000-7000 }',
      'meta l4proto . th dport { tcp . 443, udp . 53 }',
    ),
    some(
      'meta mark 1',
      'meta mark != 1',
      'meta l4proto tcp ct original proto-dst 80',
      'ip saddr . tcp dport { 10.78.0.1 . 80, 10.78.0.0/24 . 443 }',
    ),
    some('icmp type echo-request', 'icmpv6 type echo-request'),
  );
}

function nftRule(actions: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.uniqueArray(nftCondition(), { maxLength: 3 }), actions)
    .map(([conditions, action]) => [...conditions, action].join(' '));
}

const nftActions = fc.oneof(
  {
    weight: 6,
    arbitrary: some('accept', 'accept', 'drop', 'reject', 'reject with tcp reset', 'counter accept', 'log drop'),
  },
  { weight: 3, arbitrary: some('jump side', 'goto side', 'return', 'counter', 'meta mark set 1', 'continue') },
  {
    weight: 2,
    arbitrary: some(
      'tcp dport vmap { 22 : accept, 80 : drop, 443 : jump side }',
      'tcp dport vmap @fates',
      'ip saddr . tcp dport vmap @joint',
      'iifname . tcp dport vmap { "eth0" . 80 : drop, "eth0" . 22 : goto side, "lo" . 443 : drop }',
      'ct state vmap { established : accept, related : accept, invalid : drop }',
      'meta nfproto vmap { ipv4 : jump side, ipv6 : accept }',
    ),
  },
  some(
    'limit rate 10000/second burst 1000 packets accept',
    'limit rate over 10000/second burst 1000 packets drop',
    'ct count over 1000 reject',
    'limit rate 3/minute log',
  ),
);
/** A reject with a TCP reset needs a rule that matches TCP; what nft would refuse is mended rather than thrown away. */
const mend = (rule: string) => {
  if (!/reject with tcp reset/.test(rule)) return rule;
  // nft forgets the family of such a rule when it lists it.
  if (/nfproto|udp|protocol/.test(rule)) return rule.replace('reject with tcp reset', 'drop');
  return /tcp (dport|flags)|meta l4proto tcp/.test(rule) ? rule : `meta l4proto tcp ${rule}`;
};

const raw = fc
  .tuple(port, some('drop', 'accept', 'notrack', 'meta mark set 1', 'ip saddr 10.78.0.2 drop'))
  .map(([p, what]) => `tcp dport ${p} ${what}`);
const nat = fc.oneof(
  fc.tuple(port, port).map(([a, b]) => `tcp dport ${a} redirect to :${b}`),
  fc.tuple(port, port).map(([a, b]) => `meta nfproto ipv4 tcp dport ${a} dnat ip to 10.78.0.9:${b}`),
  fc.tuple(port, port).map(([a, b]) => `ip6 saddr fd78::1 tcp dport ${a} dnat ip6 to [fd78::9]:${b}`),
  fc
    .tuple(port, port)
    .map(([a, b]) => `meta nfproto ipv6 fib daddr type local tcp dport ${a} dnat ip6 to [fd78::9]:${b}`),
  // Back to the machine itself: translated, and yet for the rules of this host.
  fc.tuple(port, port).map(([a, b]) => `meta nfproto ipv4 tcp dport ${a} dnat ip to %4:${b}`),
  fc.tuple(port, port).map(([a, b]) => `meta nfproto ipv6 tcp dport ${a} dnat ip6 to [%6]:${b}`),
  fc.tuple(port, port).map(([a, b]) => `dnat ip to tcp dport map { ${a} : 10.78.0.9, ${b === a ? 9 : b} : %4 }`),
  port.map((p) => `fib daddr type local tcp dport ${p} dnat ip to 10.78.0.9`),
  port.map((p) => `tcp dport ${p} accept`),
);

const besideRule = fc.oneof(
  fc.tuple(port, some('accept', 'drop', 'drop', 'reject')).map(([p, what]) => `tcp dport ${p} ${what}`),
  fc.tuple(some(CLIENTS[4][0], '10.78.0.0/24'), some('accept', 'drop')).map(([a, what]) => `ip saddr ${a} ${what}`),
  some('ip6 saddr fd78::2 reject', 'iifname "lo" accept', 'meta mark 1 drop', 'ct status dnat accept'),
);

export const nftRules: fc.Arbitrary<string> = fc
  .record({
    family: some('inet', 'inet', 'ip', 'ip6'),
    policy: some('accept', 'drop'),
    input: fc.array(nftRule(nftActions), { minLength: 1, maxLength: 7 }),
    side: fc.array(nftRule(some('accept', 'drop', 'reject', 'return', 'counter')), { maxLength: 3 }),
    raw: fc.array(raw, { maxLength: 2 }),
    nat: fc.array(nat, { maxLength: 3 }),
    forward: fc.array(nftRule(some('accept', 'drop', 'reject', 'jump side')), { maxLength: 4 }),
    forwardPolicy: some('accept', 'drop'),
    second: fc.option(fc.array(nftRule(some('accept', 'drop', 'reject')), { minLength: 1, maxLength: 2 }), { freq: 4 }),
    beside: fc.option(
      fc.record({
        where: some('input', 'input', 'forward'),
        policy: some('accept', 'accept', 'drop'),
        rules: fc.array(besideRule, { minLength: 1, maxLength: 3 }),
      }),
      { freq: 4 },
    ),
  })
  .map((set) => {
    // In a table of one family only what speaks of that family is allowed.
    const foreign =
      set.family === 'ip'
        ? /ip6|ipv6|icmpv6|nfproto/
        : set.family === 'ip6'
          ? /\bip (?!6)|ip saddr|ip daddr|ipv4|icmp type|nfproto|dnat ip to/
          : /\0/;
    const fitting = (rules: readonly string[]) =>
      rules
        .filter((rule) => !foreign.test(rule))
        .map((rule) => `    ${mend(rule)}`)
        .join('\n');
    const four = set.family !== 'ip6';
    return `table ${set.family} t {
  set doors { type inet_service; flags interval; elements = { 80, 5000-6000 } }
${four ? '  set friends { type ipv4_addr; flags interval; elements = { 10.78.0.2, 198.51.100.0/24 } }\n  set pairs { type ipv4_addr . inet_service; elements = { 10.78.0.1 . 22, 10.78.0.2 . 6379 } }\n  map joint { type ipv4_addr . inet_service : verdict; flags interval; elements = { 10.78.0.1 . 80 : drop, 10.78.0.0/24 . 400-500 : accept, 10.78.0.2 . 22 : jump side } }' : ''}
${set.family !== 'ip' ? '  set pairs6 { type ipv6_addr . inet_service; flags interval; elements = { fd78::1 . 22, fd78::/64 . 6000-9000 } }' : ''}
  map fates { type inet_service : verdict; elements = { 8080 : accept, 5432 : drop, 22 : goto side } }
  chain side {
${fitting(set.side)}
  }
  chain raw { type filter hook prerouting priority raw; policy accept;
${fitting(set.raw)}
  }
  chain translate { type nat hook prerouting priority dstnat; policy accept;
${fitting(set.nat)}
  }
  chain leave { type nat hook postrouting priority srcnat; policy accept; ct status dnat masquerade; }
  chain forward { type filter hook forward priority filter; policy ${set.forwardPolicy};
    tcp flags & (fin|syn|rst|ack) != syn accept
${fitting(set.forward)}
  }
  chain input { type filter hook input priority filter; policy ${set.policy};
    tcp flags & (fin|syn|rst|ack) != syn accept
${fitting(set.input)}
  }
${set.second ? `  chain second { type filter hook input priority 10; policy accept;\n    tcp flags & (fin|syn|rst|ack) != syn accept\n${fitting(set.second)}\n  }` : ''}
}
${set.beside ? beside(set.beside) : ''}`;
  });

/** Another table with a chain at the same hook and priority: which of the two is asked first, no listing shows. */
function beside({ where, policy, rules }: { where: string; policy: string; rules: readonly string[] }): string {
  return `table inet beside {
  chain ${where} { type filter hook ${where} priority filter; policy ${policy};
    tcp flags & (fin|syn|rst|ack) != syn accept
${rules.map((rule) => `    ${rule}`).join('\n')}
  }
}
`;
}

function savedRule(family: 4 | 6, targets: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const [one, two] = CLIENTS[family];
  const network = family === 4 ? '10.78.0.0/24' : 'fd78::/64';
  const own = family === 4 ? '%4' : '%6';
  const bang = not.map((word) => (word === '!' ? '! ' : ''));
  const matches = fc.record({
    from: fc.option(
      fc.tuple(bang, some(one, two, network)).map(([n, a]) => `${n}-s ${a}`),
      { freq: 3 },
    ),
    to: fc.option(
      fc.tuple(bang, some(own)).map(([n, a]) => `${n}-d ${a}`),
      { freq: 1 + 4 },
    ),
    device: fc.option(
      fc.tuple(bang, some('lo', 'eth0', 'e+', 'docker0')).map(([n, d]) => `${n}-i ${d}`),
      { freq: 3 },
    ),
    ports: fc.oneof(
      fc.tuple(bang, port).map(([n, p]) => `-p tcp -m tcp ${n}--dport ${p}`),
      fc.tuple(bang, portSpan).map(([n, [a, b]]) => `-p tcp -m tcp ${n}--dport ${a}:${b}`),
      fc.tuple(bang, somePorts).map(([n, list]) => `-p tcp -m multiport ${n}--dports ${list.join(',')}`),
      some(
        '-p tcp',
        '-p tcp',
        '-p udp -m udp --dport 53',
        '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN',
        '-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN',
      ),
    ),
    extra: fc.option(
      some(
        '-m conntrack --ctstate NEW',
        '-m conntrack --ctstate RELATED,ESTABLISHED',
        '-m conntrack ! --ctstate NEW',
        '-m conntrack --ctstate INVALID',
        '-m state --state NEW',
        '-m addrtype --dst-type LOCAL',
        '-m mark --mark 0x1',
        '-m mark ! --mark 0x1/0xff',
        '-m limit --limit 9000/sec --limit-burst 9000',
        '-m comment --comment "a -j DROP of words"',
        `-m iprange --src-range ${family === 4 ? '10.78.0.2-10.78.0.8' : 'fd78::2-fd78::8'}`,
        '-m connlimit --connlimit-upto 900',
        '-m hashlimit --hashlimit-upto 9000/sec --hashlimit-burst 9000 --hashlimit-mode srcip --hashlimit-name h1',
        '-m hashlimit --hashlimit-above 9000/sec --hashlimit-burst 9000 --hashlimit-mode srcip --hashlimit-name h2',
        '-m recent --name r1 --set',
        '-m recent --name r1 --rcheck --seconds 60 --hitcount 20',
        '-m conntrack --ctstate NEW,DNAT',
        '-m conntrack --ctdir ORIGINAL',
        '-m conntrack --ctorigdstport 80',
        '-m pkttype --pkt-type unicast',
        '-m connmark --mark 0x1',
        '-m connmark ! --mark 0x1',
      ),
      { freq: 2 },
    ),
  });
  return fc
    .tuple(matches, targets)
    .map(([m, target]) => [m.from, m.to, m.device, m.ports, m.extra, target].filter(Boolean).join(' '));
}

const savedTargets = fc.oneof(
  { weight: 5, arbitrary: some('-j ACCEPT', '-j ACCEPT', '-j DROP', '-j REJECT', '-j REJECT --reject-with tcp-reset') },
  {
    weight: 2,
    arbitrary: some(
      '-j side',
      '-g side',
      '-j RETURN',
      '-j LOG --log-prefix "a b "',
      '-j MARK --set-xmark 0x1/0xffffffff',
      '',
    ),
  },
);

/** A text for `iptables-restore` or `ip6tables-restore`. */
export function savedRules(family: 4 | 6): fc.Arbitrary<string> {
  const backend = family === 4 ? '10.78.0.9' : '[fd78::9]';
  const own = family === 4 ? '%4' : '[%6]';
  const translation = fc.oneof(
    fc.tuple(port, port).map(([a, b]) => `-A PREROUTING -p tcp -m tcp --dport ${a} -j REDIRECT --to-ports ${b}`),
    fc
      .tuple(port, port)
      .map(([a, b]) => `-A PREROUTING -p tcp -m tcp --dport ${a} -j DNAT --to-destination ${backend}:${b}`),
    fc
      .tuple(port, port)
      .map(([a, b]) => `-A PREROUTING -p tcp -m tcp --dport ${a} -j DNAT --to-destination ${own}:${b}`),
    port.map((p) => `-A PREROUTING -m addrtype --dst-type LOCAL -p tcp -m tcp --dport ${p} -j DOCKER`),
  );
  return fc
    .record({
      policy: some('ACCEPT', 'DROP'),
      forwardPolicy: some('ACCEPT', 'DROP'),
      input: fc.array(savedRule(family, savedTargets), { minLength: 1, maxLength: 7 }),
      side: fc.array(savedRule(family, some('-j ACCEPT', '-j DROP', '-j RETURN', '-j REJECT')), { maxLength: 3 }),
      forward: fc.array(savedRule(family, some('-j ACCEPT', '-j DROP')), { maxLength: 3 }),
      nat: fc.array(translation, { maxLength: 3 }),
      docker: port,
      raw: fc.array(fc.tuple(port, some('-j DROP', '-j CT --notrack', '-j ACCEPT')), { maxLength: 1 }),
    })
    .map((set) =>
      [
        '*raw',
        ':PREROUTING ACCEPT [0:0]',
        ...set.raw.map(([p, target]) => `-A PREROUTING -p tcp -m tcp --dport ${p} ${target}`),
        'COMMIT',
        '*nat',
        ':PREROUTING ACCEPT [0:0]',
        ':POSTROUTING ACCEPT [0:0]',
        ':DOCKER - [0:0]',
        ...set.nat,
        `-A DOCKER ! -i docker0 -p tcp -m tcp --dport ${set.docker} -j DNAT --to-destination ${backend}:80`,
        '-A POSTROUTING -m conntrack --ctstate DNAT -j MASQUERADE',
        'COMMIT',
        '*filter',
        `:INPUT ${set.policy} [0:0]`,
        `:FORWARD ${set.forwardPolicy} [0:0]`,
        ':side - [0:0]',
        '-A FORWARD -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT',
        // Otherwise a rule that rejects later packets of a connection looks like one that rejects the first.
        '-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT',
        ...set.forward.map((rule) => `-A FORWARD ${rule}`),
        ...set.side.map((rule) => `-A side ${rule}`),
        ...set.input.map((rule) => `-A INPUT ${rule}`),
        'COMMIT',
        '',
      ].join('\n'),
    );
}

export const randomRules: fc.Arbitrary<RandomRules> = fc.oneof(
  { weight: 4, arbitrary: nftRules.map((nft) => ({ nft, legacy: false, iptables: null, ip6tables: null })) },
  {
    weight: 4,
    arbitrary: fc.record({
      nft: fc.constant(null),
      legacy: fc.boolean(),
      iptables: savedRules(4),
      ip6tables: savedRules(6),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      nft: nftRules,
      legacy: fc.constant(false),
      iptables: savedRules(4),
      ip6tables: fc.constant(null),
    }),
  },
);

/** The rules with the addresses of one machine filled in. */
export function rulesFor(rules: RandomRules, { address }: Machine): RandomRules {
  const fill = (text: string | null) => text?.replaceAll('%4', address[4]).replaceAll('%6', address[6]) ?? null;
  return { ...rules, nft: fill(rules.nft), iptables: fill(rules.iptables), ip6tables: fill(rules.ip6tables) };
}
