import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { checkSettings } from '../../src/config/config.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { configOf, folder, load, problemsOf } from './support.ts';

const WHOLE = readFileSync(join(import.meta.dirname, 'whole.yaml'), 'utf8');
const ENV = {
  PD_KEY: 'pd-key-value',
  SLACK_URL: 'https://hooks.slack.example/x',
  HOOK_SECRET: 'hook-secret',
  HOME: '/home/ana',
};
const [CHECK] = CHECKS.filter((check) => check.id === 'headers.content-type-options');

describe('a configuration with everything in it', () => {
  const config = configOf(WHOLE, { env: ENV, dir: '/etc/seaworthy' });

  it('becomes targets with absolute paths, milliseconds and bytes', () => {
    expect(config.targets.map(({ target }) => [target.id, target.kind])).toEqual([
      ['shop-web', 'endpoint'],
      ['shop-1', 'host'],
      ['shop-repo', 'repository'],
      ['shop-backup', 'backup'],
      ['nightly-job', 'heartbeat'],
    ]);
    const [web, host, repository, backup, job] = config.targets;
    expect(web).toMatchObject({
      audit: { everyMs: 21_600_000 },
      target: { url: 'https://shop.example/', host: 'shop.example', port: 443, environment: 'production' },
      monitor: {
        everyMs: 30_000,
        labels: { target: 'shop-web', service: 'shop', environment: 'production' },
        look: { kind: 'http', url: 'https://shop.example/', expect: { status: [200], latencyBelowMs: 800 } },
      },
    });
    expect(host?.target).toMatchObject({
      ssh: {
        user: 'audit',
        port: 22,
        identity: '/home/ana/.ssh/id_ed25519',
        knownHosts: '/etc/seaworthy/known_hosts',
        sudo: true,
      },
      firewall: { allow: [22, 80, 443] },
    });
    expect(host?.audit).toEqual({ cron: '0 */6 * * *', timeZone: 'Australia/Brisbane' });
    expect(repository?.target).toMatchObject({ path: '/etc/seaworthy' });
    expect(backup?.target).toMatchObject({ expect: { maxAgeMs: 93_600_000, minBytes: 1_073_741_824 } });
    expect(job?.heartbeat).toMatchObject({ id: 'nightly-job', graceMs: 1_800_000, severity: 'high' });
    expect(job?.target).toMatchObject({ schedule: { cron: '0 2 * * *', timeZone: 'UTC' }, graceMs: 1_800_000 });
  });

  it('has its alerting resolved, references included', () => {
    expect(config.alerting?.channels.map(({ id, kind }) => [id, kind])).toEqual([
      ['pager', 'pagerduty'],
      ['team', 'slack'],
      ['hook', 'webhook'],
    ]);
    expect(config.alerting?.channels[0]?.settings).toEqual({ routingKey: 'pd-key-value' });
    expect(config.alerting?.escalations[0]?.steps[1]).toEqual({
      afterMs: 600_000,
      notify: [
        { type: 'person', id: 'ben' },
        { type: 'channel', id: 'team' },
      ],
    });
    expect(config.alerting?.maintenance[0]?.when).toEqual({
      type: 'weekly',
      weekdays: [7],
      start: '02:00',
      end: '04:00',
    });
  });

  it('settles a check from the general word to the particular one', () => {
    const text = `
targets:
  - { id: a, endpoint: https://a.example/, checks: { headers.content-type-options: off } }
  - { id: b, endpoint: https://b.example/ }
checks: { headers.*: { severity: critical }, headers.content-type-options: { severity: low } }`;
    const settled = configOf(text);
    if (!CHECK) throw new Error('the check is gone');
    expect(checkSettings(settled, 'a')(CHECK)).toEqual({ enabled: false, severity: 'low', options: {} });
    expect(checkSettings(settled, 'b')(CHECK)).toMatchObject({ enabled: true, severity: 'low' });
    expect(checkSettings(settled, 'not-in-the-file')(CHECK)).toMatchObject({ enabled: true, severity: 'low' });
  });

  it('needs no secrets of channels for an audit', () => {
    expect(problemsOf(WHOLE)).toHaveLength(3);
    const dir = folder({ 'seaworthy.yaml': WHOLE });
    expect(() => load(join(dir, 'seaworthy.yaml'))).toThrow(/PD_KEY is not set/);
  });
});

describe('a file that names only targets', () => {
  it('works, and says that nobody is told', () => {
    const config = configOf('targets: [{ id: web, endpoint: https://shop.example/ }]');
    expect(config.targets[0]).toMatchObject({ audit: { everyMs: 21_600_000 }, monitor: null });
    expect(config.alerting).toBeNull();
    expect(config.warnings.map(formatProblem)).toEqual([
      'seaworthy.yaml:1:1 there is no alerting: incidents show in the dashboard and nobody is told',
    ]);
  });

  it('is as good as an empty one where it is empty', () => {
    expect(configOf('').targets).toEqual([]);
  });
});

describe('what is wrong', () => {
  it('is said with line, column, path and what was meant', () => {
    const text = 'version: 1\ntargets:\n  - id: a\n    monitor: { evry: 30s }\n    endpoint: https://a.example/\n';
    expect(problemsOf(text)).toEqual([
      'seaworthy.yaml:4:16 targets[0].monitor.evry: unknown key "evry"; did you mean "every"?',
    ]);
  });

  it.each([
    ['version: 2', '1:10 version: must be 1, not 2'],
    ['services: { a: 1 }', '1:11 services: must be a list, not a map'],
    ['targets: [{ id: a, hots: local }]', '1:20 targets[0].hots: unknown key "hots"; did you mean "host"?'],
    ['targets: [{ id: a }]', '1:11 targets[0]: needs one of endpoint, host, repository, backup, heartbeat'],
    ['targets: [5]', '1:11 targets[0]: must be a map, not 5'],
    ['targets: [{ id: "b c", host: local }]', '1:17 targets[0].id: an id is made of'],
    ['targets: [{ endpoint: "https://a/" }]', '1:11 targets[0].id: is missing'],
    ['targets: [{ id: a, endpoint: 1 }]', '1:30 targets[0].endpoint: must be text, not 1'],
    ['targets: [{ id: a, endpoint: "https://u:p@x/" }]', 'targets[0].endpoint: must not hold a user or password'],
    ['targets: [{ id: a, endpoint: "a.example:99999" }]', 'targets[0].endpoint: has no port 99999'],
    ['targets: [{ id: a, endpoint: "gopher://x" }]', '"gopher://" is not known'],
    [
      'targets: [{ id: a, endpoint: "tcp://a:1", monitor: { expect: { status: [200] } } }]',
      'expect.status is nothing that tcp://a:1 can be asked for; it takes latency',
    ],
    ['targets: [{ id: a, host: "https://x" }]', 'targets[0].host: is not ssh://user@host[:port]; or write local'],
    [
      'targets: [{ id: a, host: local, firewall: { allow: [22], from: inside } }]',
      'targets[0].firewall.from: is "outside", an address or a network such as 10.0.0.0/8',
    ],
    ['targets: [{ id: a, host: local, addresses: [shop.example] }]', 'targets[0].addresses[0]:'],
    ['targets: [{ id: a, host: local, audit: { every: 1s } }]', 'targets[0].audit.every: must be between 1m and 31d'],
    ['targets: [{ id: a, host: local, audit: { every: 5x } }]', '"5x" is not a duration'],
    ['targets: [{ id: a, host: local, audit: sometimes }]', 'targets[0].audit: must be "off" or false or a map'],
    ['targets: [{ id: a, host: local, audit: { cron: "0 0 30 2 *" } }]', '"0 0 30 2 *" never comes round'],
    ['targets: [{ id: a, host: local, audit: { cron: "hourly" } }]', '"hourly" is not a cron line'],
    ['targets: [{ id: a, host: local, audit: { cron: "0 * * * *", timeZone: Mars } }]', 'timeZone: is not a time zone'],
    [
      'targets: [{ id: a, host: local, service: shp }]\nservices: [{ id: shop }]',
      'unknown service "shp"; did you mean "shop"?',
    ],
    [
      'targets: [{ id: a, host: local }, { id: a, host: local }]',
      'targets[1].id: the target "a" is already defined at seaworthy.yaml:1',
    ],
    ['checks: { headers.content-type-option: off }', 'did you mean "headers.content-type-options"?'],
    ['checks: { headers.content-type-options: { depth: 1 } }', '.depth: unknown key "depth"'],
    ['checks: { headers.content-type-options: { severity: hihg } }', 'not "hihg"; did you mean "high"?'],
    ['checks: { heders.*: off }', 'unknown category "heders.*"; did you mean "headers.*"?'],
    ['waivers: [{ check: tls.nonsense, until: 2027-03-01, reason: r, owner: o }]', 'unknown check "tls.nonsense"'],
    ['waivers: [{ check: headers.*, until: soon, reason: r, owner: o }]', 'waivers[0].until:'],
    [
      'alerting: { people: { ana: { channels: [pager] } } }',
      'alerting.people.ana.channels[0]: unknown channel "pager"',
    ],
    ['alerting: { routes: [{}] }', 'alerting.routes[0]: needs either an escalation or a channel'],
    ['alerting: { escalations: { e: { steps: [{ notify: [person:bob] }] } } }', 'notify[0]: unknown person "bob"'],
    ['alerting: { channels: { a: { slak: {} } } }', 'unknown key "slak"; did you mean "slack"?'],
    [
      'alerting: { channels: { a: { webhook: { url: "https://a.example/", secret: "whsec_%%" } } } }',
      'alerting.channels.a.webhook.secret: is not base64 after whsec_',
    ],
    ['publish: { status: [nothing] }', 'publish.status[0]: unknown target "nothing"'],
  ])('%s', (text, expected) => {
    const problems = problemsOf(text);
    expect(problems.join('\n')).toContain(expected);
    expect(problems).toHaveLength(1);
  });

  it('is said all at once, in the order of the file', () => {
    const problems = problemsOf('version: 2\ntargets:\n  - { id: a, host: locl }\n  - { id: a, evry: 1 }\nfoo: 1\n');
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      'seaworthy.yaml:1:10',
      'seaworthy.yaml:4:5',
      'seaworthy.yaml:4:11',
      'seaworthy.yaml:4:14',
      'seaworthy.yaml:5:1',
    ]);
  });
});

describe('YAML that is broken or hostile', () => {
  it.each([
    ['targets: [', 'is not valid YAML'],
    ['a: 1\na: 2\n', 'seaworthy.yaml:2:1 is not valid YAML: map keys must be unique'],
    ['- 1\n- 2\n', 'must be a map, not a list'],
    ['just a word', 'must be a map, not "just a word"'],
    ['{'.repeat(60_000), 'seaworthy.yaml:'],
    ['targets: *nowhere', 'seaworthy.yaml:'],
    ['? [a, b]\n: 1\n', 'seaworthy.yaml:'],
  ])('%.20s', (text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected);
  });

  it('does not unfold aliases without end', () => {
    const levels = 'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]`);
    const [problem] = problemsOf(`a: &a [x, x, x]\n${levels.join('\n')}\n`);
    expect(problem).toMatch(/alias/i);
  });

  it('places what is wrong behind an alias', () => {
    const text =
      'targets:\n  - { id: a, endpoint: https://a.example/, monitor: &m { evry: 5s } }\n  - { id: b, endpoint: https://b.example/, monitor: *m }\n';
    expect(problemsOf(text)).toEqual([
      'seaworthy.yaml:2:58 targets[0].monitor.evry: unknown key "evry"; did you mean "every"?',
      expect.stringContaining('targets[1].monitor.evry'),
    ]);
  });
});

describe('a folder of files', () => {
  it('is one configuration', () => {
    const dir = folder({
      'services.yaml': 'services: [{ id: shop }]',
      'web.yml': 'targets: [{ id: web, service: shop, endpoint: https://shop.example/ }]',
      'backup.yaml': 'targets: [{ id: dumps, backup: { files: "/var/backups/*.gz", on: db } }]',
      'hosts.yaml': 'targets: [{ id: db, host: "ssh://root@10.0.0.9:2222" }]',
      'README.md': 'not: [yaml',
      '.hidden.yaml': 'not: [yaml',
    });
    const config = load(dir);
    expect(config.targets.map(({ target }) => target.id)).toEqual(['dumps', 'db', 'web']);
    expect(config.targets[0]?.target).toMatchObject({
      source: { glob: '/var/backups/*.gz', over: { host: '10.0.0.9', port: 2222 } },
    });
    expect(config.files).toHaveLength(4);
  });

  it('names the file in which something is wrong', () => {
    const dir = folder({
      'a.yaml': 'targets: [{ id: x, host: local }]',
      'b.yaml': '\ntargets: [{ id: x, host: local }]',
    });
    expect(() => load(dir)).toThrow(
      `${join(dir, 'b.yaml')}:2:17 targets[0].id: the target "x" is already defined at ${join(dir, 'a.yaml')}:1`,
    );
  });

  it('must hold something', () => {
    expect(() => load(folder({}))).toThrow('no .yaml file in this folder');
    expect(() => load('/nowhere/seaworthy.yaml')).toThrow('there is no such file');
  });
});

it('has budgets without being asked, and takes them off only where the file says so', () => {
  const alerting = (text: string) => configOf(`version: 1\n${text}\n`).alerting;
  expect(alerting('alerting: { routes: [] }')?.budget).toEqual({
    perPerson: { messages: 10, perMs: 3_600_000 },
    perChannel: { messages: 20, perMs: 60_000 },
    digestEveryMs: 300_000,
  });
  const own =
    'alerting: { budget: { perPerson: unlimited, perChannel: { messages: 5 } }, deadMan: { url: "http://127.0.0.1:9/" } }';
  expect(alerting(own)).toMatchObject({
    budget: { perPerson: null, perChannel: { messages: 5, perMs: 60_000 } },
    deadMan: { url: 'http://127.0.0.1:9/', everyMs: 60_000 },
  });
});

describe('a log-in over SSH', () => {
  const host = (ssh: string) => `targets:\n  - id: h\n    host: ssh://audit@10.0.0.5\n    ssh: { ${ssh} }\n`;
  const loginOf = (ssh: string) => {
    const target = configOf(host(ssh), { env: { HOME: '/home/ana' }, dir: '/etc/seaworthy' }).targets[0]?.target;
    return target?.kind === 'host' ? target.ssh : null;
  };

  it('goes by our own client where nothing else is said, and by ssh where that is asked for or needed', () => {
    expect(loginOf('sudo: true')).not.toHaveProperty('transport');
    expect(loginOf('transport: builtin')).toMatchObject({ transport: 'builtin' });
    expect(loginOf('transport: openssh')).toMatchObject({ transport: 'openssh' });
    expect(loginOf('certificate: ./id-cert.pub')).toMatchObject({
      transport: 'openssh',
      certificate: '/etc/seaworthy/id-cert.pub',
    });
    // The user of the target where the jump host names none, port 22, and brackets for IPv6.
    expect(loginOf('jump: "ssh://bastion.example"')).toMatchObject({
      transport: 'openssh',
      jump: ['audit@bastion.example:22'],
    });
    expect(loginOf('jump: ["ssh://jo@one.example:2222", "ssh://[2001:db8::1]"]')).toMatchObject({
      jump: ['jo@one.example:2222', 'audit@[2001:db8::1]:22'],
    });
  });

  it.each([
    ['transport: builtin, jump: "ssh://b.example"', /jump hosts and certificates need transport: openssh/],
    ['transport: builtin, certificate: ./c.pub', /jump hosts and certificates need transport: openssh/],
    ['transport: putty', /transport/],
    ['jump: "https://b.example"', /jump/],
  ])('is refused: %s', (ssh, problem) => {
    expect(problemsOf(host(ssh)).join('\n')).toMatch(problem);
  });
});
