import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditReportSchema } from '../../src/core/report.ts';
import { renderHostScript } from '../../src/probes/host/index.ts';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { sample } from '../../src/secrets/sample.ts';
import { cli } from '../cli/support.ts';
import { repository } from '../secrets/git-repository.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const body = sample(30, 'base62', 77);
const TOKEN = `ghp_${body}${base62Checksum(body)}`;
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const KEY_LINE = KEY.toString().split('\n')[1] ?? '';
const PASSWORDS = [
  'Tr0ub4dor-in-env',
  'correct-horse-unit',
  'battery-staple-9',
  'compose-pass-4711',
  'history-pass-0815',
  'container-pw-2718',
  'closed-home-3141',
];
const [ENV_PW, UNIT_PW, PROC_PW, COMPOSE_PW, HISTORY_PW, CONTAINER_PW, CLOSED_PW] = PASSWORDS as [string, ...string[]];

const PLANT = `
mkdir -p /srv/shop /opt/app /home/closed /etc/systemd/system /var/lib/docker/containers/abc
printf 'APP_ENV=production\\nexport DB_PASSWORD="${ENV_PW}"\\nGITHUB_TOKEN=${TOKEN}\\nAPI_KEY=\${FROM_VAULT}\\nPUBLIC_URL=https://shop.example/\\n' > /srv/shop/.env
chmod 644 /srv/shop/.env
printf 'SMTP_PASSWORD=${CLOSED_PW}\\n' > /home/closed/.env; chmod 644 /home/closed/.env; chmod 700 /home/closed
printf '%s' '${KEY}' > /srv/shop/server.key; chmod 644 /srv/shop/server.key
printf '%s' '${KEY}' > /opt/app/kept.key; chmod 600 /opt/app/kept.key
printf '[Service]\\nEnvironment="REDIS_URL=redis://:${UNIT_PW}@10.0.0.9/0" LOG_LEVEL=info\\nExecStart=/bin/true\\n' > /etc/systemd/system/shop.service
printf 'services:\\n  web:\\n    environment:\\n      POSTGRES_PASSWORD: ${COMPOSE_PW}\\n      TOKEN_FILE: /run/secrets/token\\n' > /opt/app/docker-compose.yml
printf '{"Name":"/shop-db","Config":{"Env":["MYSQL_ROOT_PASSWORD=${CONTAINER_PW}","PATH=/usr/bin"]}}' > /var/lib/docker/containers/abc/config.v2.json
printf 'ls\\nmysql -u root -p${HISTORY_PW} shop\\nexport TOKEN=${TOKEN}\\ngit status\\n' > /root/.bash_history
WORKER_SECRET='${PROC_PW}' GITHUB_TOKEN='${TOKEN}' setsid sleep 3000 >/dev/null 2>&1 </dev/null &
`;

describeLab('secrets on a host', () => {
  let lab: Lab;
  let host: LabHost;
  let clean: LabHost;
  beforeAll(async () => {
    lab = await createLab();
    [host, clean] = await Promise.all([
      lab.host({ name: 'leaky', profile: 'hardened', setup: PLANT }),
      lab.host({ name: 'clean', profile: 'hardened' }),
    ]);
  });
  afterAll(() => lab?.destroy());

  async function audit(of: LabHost, ...more: string[]) {
    const login = ['--identity', of.identity, '--known-hosts', of.knownHosts];
    const only = ['--only', 'secrets,host.plain-env-secrets', '--format', 'json'];
    const { out, err } = await cli(['audit', `ssh://audit@${of.address}`, ...login, ...only, ...more]);
    const { targets } = auditReportSchema.parse(JSON.parse(out));
    const findings = targets.flatMap((target) => target.findings);
    const failed = (check: string) => findings.filter((one) => one.check === check && one.status === 'fail');
    return { out: out + err, findings, failed };
  }

  it('never leave it: not one byte of them is in what the script says', async () => {
    const { stdout, stderr } = await host.exec('sh -s', { stdin: renderHostScript(), check: false });
    expect(stdout).toContain('GITHUB_TOKEN');
    const said = stdout + stderr;
    for (const secret of [TOKEN, KEY_LINE, ...PASSWORDS]) {
      for (const form of [
        secret,
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        Buffer.from(secret).toString('hex'),
      ]) {
        expect(said, form).not.toContain(form);
      }
      expect(said).not.toContain(secret.slice(4, 14));
    }
  });

  it('are found where they lie, with names and counts', async () => {
    const { failed, out } = await audit(host, '--sudo');
    expect(
      failed('secrets.host-files')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['/srv/shop/.env', '/srv/shop/server.key']);
    const settings = failed('secrets.host-files').find(({ subject }) => subject === '/srv/shop/.env');
    expect(settings?.details?.names).toEqual(['DB_PASSWORD', 'GITHUB_TOKEN']);
    const plain = failed('host.plain-env-secrets');
    expect(plain.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([
        '/etc/systemd/system/shop.service',
        '/opt/app/docker-compose.yml',
        'container shop-db',
        'sleep (root)',
        '/root/.bash_history',
      ]),
    );
    const message = (subject: string) => plain.find((one) => one.subject === subject)?.message;
    expect(message('/etc/systemd/system/shop.service')).toContain('REDIS_URL');
    expect(message('container shop-db')).toContain('MYSQL_ROOT_PASSWORD');
    expect(message('sleep (root)')).toContain('WORKER_SECRET');
    expect(message('/root/.bash_history')).toContain('2 lines with a credential');
    expect(failed('secrets.ladder')).toMatchObject([
      { seen: 'hardcoded', details: { alsoSeen: ['plain environment'] } },
    ]);
    for (const secret of [TOKEN, KEY_LINE, ...PASSWORDS]) expect(out).not.toContain(secret);
  });

  it('without root are those that any account can read, and the rest is unknown', async () => {
    const { failed, findings } = await audit(host);
    expect(
      failed('secrets.host-files')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['/srv/shop/.env', '/srv/shop/server.key']);
    const unknown = findings.filter(({ check, status }) => check === 'host.plain-env-secrets' && status === 'unknown');
    expect(unknown).toMatchObject([{ subject: 'other accounts' }]);
  });

  it('are the same leaks as in a repository: one secret, named at each place', async () => {
    const one = repository();
    try {
      one.write('deploy/shop.env', `GITHUB_TOKEN=${TOKEN}\n`);
      one.write('deploy/tls.json', JSON.stringify({ key: KEY.toString() }));
      one.commit('a');
      const { failed } = await audit(host, one.root, '--sudo');
      const tree = failed('secrets.repository');
      expect(tree).toHaveLength(2);
      const places = tree.flatMap(({ details }) => details?.alsoIn as { check: string; subject: string }[]);
      const subjects = places.filter(({ check }) => /host/.test(check)).map(({ subject }) => subject);
      expect([...new Set(subjects)].sort()).toEqual(['/srv/shop/.env', '/srv/shop/server.key', 'sleep (root)']);
    } finally {
      one.remove();
    }
  });

  it('are not seen on a host that has none', async () => {
    const { failed, findings } = await audit(clean, '--sudo');
    expect([...failed('secrets.host-files'), ...failed('host.plain-env-secrets')]).toEqual([]);
    expect(findings.find(({ check }) => check === 'secrets.host-files')?.status).toBe('pass');
  });
});
