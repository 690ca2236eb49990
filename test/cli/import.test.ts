import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { taken } from './import-support.ts';
import { cli } from './support.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'seaworthy-import-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const kuma = {
  version: '1.23.0',
  notificationList: [
    { id: 1, name: 'Team Slack', config: '{"slackwebhookURL":"https://hooks.slack.example/very-secret"}' },
  ],
  monitorList: [
    {
      id: 1,
      name: 'Shop: main',
      type: 'http',
      active: true,
      url: 'https://ana:pw@shop.example/',
      method: 'GET',
      interval: 60,
      maxretries: 2,
      timeout: 48,
      accepted_statuscodes: ['200-299', '404'],
      headers: '{"X":"y"}',
    },
    {
      id: 2,
      name: 'Shop main',
      type: 'keyword',
      active: true,
      url: 'https://shop.example/',
      method: 'GET',
      interval: 20,
      maxretries: 0,
      keyword: 'welcome',
      accepted_statuscodes: ['200-299'],
    },
    {
      id: 3,
      name: 'API',
      type: 'json-query',
      active: true,
      url: 'https://api.example/health',
      method: 'GET',
      interval: 30,
      maxretries: 1,
      jsonPath: '$.db',
      expectedValue: 'up',
      accepted_statuscodes: ['200-299'],
    },
    { id: 4, name: 'DB', type: 'port', active: true, hostname: '10.0.0.5', port: 5432, interval: 60, maxretries: 1 },
    { id: 5, name: 'Backup', type: 'push', active: true, interval: 86_400, maxretries: 0, pushToken: 'push-secret' },
    { id: 6, name: 'Old', type: 'http', active: false, url: 'https://old.example/', interval: 60 },
    { id: 7, name: 'Game', type: 'gamedig', active: true, hostname: 'g', interval: 60 },
    {
      id: 8,
      name: 'Must be away',
      type: 'http',
      active: true,
      url: 'https://x.example/',
      upsideDown: true,
      interval: 60,
    },
  ],
};

describe('import uptime-kuma', () => {
  it('takes monitors over from a backup, and says what it did not', async () => {
    const { config, err, out } = await taken(cwd, 'uptime-kuma', kuma);
    expect(config).toMatchObject({
      targets: [
        {
          id: 'shop-main',
          endpoint: 'https://shop.example/',
          monitor: { every: '1m', downAfter: 3, expect: { status: ['2xx', 404] } },
        },
        { id: 'shop-main-2', monitor: { every: '20s', expect: { body: [{ contains: 'welcome' }] } } },
        { id: 'api', monitor: { expect: { body: [{ jsonPath: '$.db', equals: 'up' }] } } },
        { id: 'db', endpoint: '10.0.0.5:5432' },
        { id: 'backup', heartbeat: { every: '1d' } },
      ],
    });
    for (const word of [
      '"Old": paused',
      'kind "gamedig"',
      'upside-down',
      'user and password',
      'headers',
      '"Team Slack"',
    ])
      expect(err).toContain(word);
    for (const secret of ['very-secret', 'pw@', 'push-secret']) expect(out + err).not.toContain(secret);
  });

  it('takes them over from the database', async () => {
    const path = join(cwd, 'kuma.db');
    const db = new Database(path);
    db.exec(`CREATE TABLE monitor (id INTEGER PRIMARY KEY, name TEXT, type TEXT, active BOOLEAN, url TEXT, method TEXT, hostname TEXT, port INTEGER, interval INTEGER,
      timeout DOUBLE, maxretries INTEGER, keyword TEXT, invert_keyword BOOLEAN, json_path TEXT, expected_value TEXT, upside_down BOOLEAN, ignore_tls BOOLEAN, headers TEXT, body TEXT,
      auth_method TEXT, accepted_statuscodes_json TEXT, dns_resolve_type TEXT, dns_resolve_server TEXT);
      CREATE TABLE notification (id INTEGER PRIMARY KEY, name TEXT, config TEXT);
      INSERT INTO monitor (name, type, active, url, method, interval, timeout, maxretries, accepted_statuscodes_json, upside_down, ignore_tls, invert_keyword)
        VALUES ('Web', 'http', 1, 'https://web.example/', 'HEAD', 60, 48, 1, '["200-299","301"]', 0, 1, 0);`);
    db.close();
    const { code, out, err } = await cli(['import', 'uptime-kuma', 'kuma.db'], { cwd, env: {} });
    expect(code).toBe(0);
    expect(parse(out).targets).toMatchObject([
      { id: 'web', endpoint: 'https://web.example/', monitor: { method: 'HEAD', expect: { status: ['2xx', 301] } } },
    ]);
    expect(err).toContain('certificates are always verified');
  });
});

it('import gatus', async () => {
  const { config, err } = await taken(
    cwd,
    'gatus',
    `
alerting: { slack: { webhook-url: "https://hooks.slack.example/secret" } }
maintenance: { start: "23:00", duration: 1h30m, timezone: Europe/Lisbon, every: [Monday, Thursday] }
endpoints:
  - name: front
    group: shop
    url: https://shop.example/health
    interval: 30s
    client: { timeout: 5s }
    conditions: ["[STATUS] == 200", "[BODY].db.status == UP", "[BODY] == pat(*fine*)", "[RESPONSE_TIME] < 300", "[CERTIFICATE_EXPIRATION] > 48h", "len([BODY]) > 5"]
    alerts: [{ type: slack, failure-threshold: 5, success-threshold: 4 }]
  - { name: mail, url: "tcp://mail.example:25", interval: 1m, conditions: ["[CONNECTED] == true"] }
  - { name: off, enabled: false, url: "https://off.example" }
  - { name: shell, url: "ssh-odd://x", conditions: [] }
external-endpoints:
  - { name: cron, token: secret, heartbeat: { interval: 30m } }
`,
  );
  expect(config).toMatchObject({
    targets: [
      {
        id: 'shop-front',
        monitor: {
          every: '30s',
          timeout: '5s',
          downAfter: 5,
          upAfter: 4,
          expect: {
            status: [200],
            latency: { below: '300ms' },
            certificate: { validFor: '2d' },
            body: [{ jsonPath: '$.db.status', equals: 'UP' }, { contains: 'fine' }],
          },
        },
      },
      { id: 'mail', endpoint: 'mail.example:25' },
      { id: 'cron', heartbeat: { every: '30m' } },
    ],
    alerting: { maintenance: [{ cron: '0 23 * * MON,THU', duration: '90m', timeZone: 'Europe/Lisbon' }] },
  });
  for (const word of ['len([BODY]) > 5', 'switched off', 'ssh-odd', 'alerting "slack"']) expect(err).toContain(word);
  expect(err).not.toContain('hooks.slack.example');
});

it('import healthchecks', async () => {
  const { config, err } = await taken(cwd, 'healthchecks', {
    checks: [
      {
        name: 'Nightly backup',
        slug: 'nightly-backup',
        tags: 'prod db',
        grace: 3_600,
        schedule: '0 2 * * *',
        tz: 'Europe/Riga',
        status: 'up',
        ping_url: 'https://hc.example/uuid-secret',
      },
      { name: 'Sync', slug: '', grace: 300, timeout: 600, status: 'up', manual_resume: true },
      { name: 'Timer', slug: 'timer', grace: 60, schedule: 'Mon..Fri *-*-* 08:00', tz: 'UTC', status: 'up' },
      { name: 'Sleeping', slug: 's', grace: 60, timeout: 60, status: 'paused' },
    ],
  });
  expect(config).toMatchObject({
    targets: [
      {
        id: 'nightly-backup',
        labels: { tags: 'prod db' },
        heartbeat: { cron: '0 2 * * *', timeZone: 'Europe/Riga', grace: '1h' },
      },
      { id: 'sync', heartbeat: { every: '10m', grace: '5m' } },
    ],
  });
  for (const word of ['manual resume', 'Mon..Fri', 'paused', '/ping/']) expect(err).toContain(word);
});

it('import alertmanager', async () => {
  const { config, err, out } = await taken(
    cwd,
    'alertmanager',
    `
global: { smtp_smarthost: "mail.example:587", smtp_from: alerts@example.com, slack_api_url: "https://hooks.slack.example/global-secret" }
route:
  receiver: mail
  group_by: [alertname]
  group_wait: 30s
  repeat_interval: 4h
  routes:
    - matchers: [severity="critical", team=~"shop|pay.*"]
      receiver: pager
      routes: [{ match: { service: db }, receiver: dba, repeat_interval: 1h30m }]
    - { matchers: ['env!="prod"'], receiver: mail }
    - { match_re: { service: "web|api" }, receiver: both, continue: true }
receivers:
  - { name: mail, email_configs: [{ to: "a@example.com, b@example.com" }] }
  - { name: pager, pagerduty_configs: [{ routing_key: pd-secret }] }
  - { name: dba, webhook_configs: [{ url: "https://dba.example/hook-secret" }] }
  - { name: both, slack_configs: [{ channel: "#ops" }], telegram_configs: [{ bot_token: tg-secret, chat_id: -100 }] }
inhibit_rules:
  - { source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [service] }
  - { source_matchers: ['a=~"x{3}"'], target_match: { b: c } }
`,
  );
  expect(config).toMatchObject({
    alerting: {
      channels: {
        'mail-email': { email: { smtp: 'smtp://mail.example:587', to: ['a@example.com', 'b@example.com'] } },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
        'pager-pagerduty': { pagerduty: { routingKey: '${env:PAGER_PAGERDUTY_ROUTING_KEY}' } },
      },
      escalations: { both: { steps: [{ notify: ['channel:both-slack', 'channel:both-telegram'] }] } },
      routes: [
        {
          match: { severity: ['critical'], team: ['shop', 'pay*'], service: ['db'] },
          channel: 'dba-webhook',
          repeat: '90m',
        },
        { match: { severity: ['critical'], team: ['shop', 'pay*'] }, channel: 'pager-pagerduty', repeat: '4h' },
        { match: { service: ['web', 'api'] }, escalation: 'both', continue: true },
        { channel: 'mail-email', groupBy: ['alertname'], groupWait: '30s' },
      ],
      inhibit: [{ when: { severity: ['critical'] }, mute: { severity: ['warning'] }, equal: ['service'] }],
    },
  });
  for (const word of ['matchers are more than', 'continues', 'inhibit rule 2', 'PAGER_PAGERDUTY_ROUTING_KEY'])
    expect(err).toContain(word);
  for (const secret of ['pd-secret', 'hook-secret', 'tg-secret', 'global-secret'])
    expect(out + err).not.toContain(secret);
});

describe('import says what is wrong with', () => {
  it.each([
    ['a format that is not there', ['import', 'gatsu', 'given'], 'did you mean "gatus"'],
    ['a file that is not there', ['import', 'gatus', 'nowhere'], 'there is no file nowhere'],
    ['a folder', ['import', 'gatus', '.'], 'is not a file'],
    ['a file of something else', ['import', 'healthchecks', 'other.json'], 'checks:'],
    ['broken JSON', ['import', 'healthchecks', 'broken.json'], 'is not what healthchecks exports'],
    ['a YAML bomb', ['import', 'gatus', 'bomb.yaml'], 'is not what gatus exports'],
    ['a database of something else', ['import', 'uptime-kuma', 'other.db'], 'no such table'],
  ])('%s', async (_what, args, said) => {
    writeFileSync(join(cwd, 'other.json'), '{"monitors":[]}');
    writeFileSync(join(cwd, 'broken.json'), '{"checks":[');
    const level = (n: number) =>
      `a${n}: &a${n} [${Array(10)
        .fill(n === 0 ? 'x' : `*a${n - 1}`)
        .join(',')}]`;
    writeFileSync(join(cwd, 'bomb.yaml'), [0, 1, 2, 3, 4, 5].map(level).join('\n'));
    if (!args.includes('other.db')) writeFileSync(join(cwd, 'given'), '{}');
    else new Database(join(cwd, 'other.db')).exec('CREATE TABLE IF NOT EXISTS a (b)').close();
    const { code, out, err } = await cli(args, { cwd, env: {} });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
