import { readFileSync } from 'node:fs';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Forecast, forecastLogin, type LoginWay, type SettingsChange } from '../../src/analysis/lockout.ts';
import type { HostSshdFacts } from '../../src/core/facts/host-sshd.ts';
import { readFrames } from '../../src/probes/host/frame.ts';
import { hostScript } from '../../src/probes/host/script.ts';
import { sshdSection } from '../../src/probes/host/sshd.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const SETUP = `
echo root:secret | chpasswd; echo audit:secret | chpasswd
mkdir -p /root/.ssh; cp /home/audit/.ssh/authorized_keys /root/.ssh/; chmod 700 /root/.ssh; chown -R root: /root/.ssh
groupadd -f operators; usermod -aG operators audit
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`;

const BASE = [
  'HostKey /etc/ssh/ssh_host_ed25519_key',
  'UsePAM no',
  'KbdInteractiveAuthentication no',
  'MaxStartups 100',
];

interface Case {
  /** What the server has today, besides the base. */
  today: string[];
  /** What is advised, one keyword per line, as it would be written at the top. */
  advice: string[];
}

/** Each advice on servers that differ in what matters for it. */
const CASES: Case[] = [
  ...[
    [],
    ['PermitRootLogin yes'],
    ['PermitRootLogin no'],
    ['AuthenticationMethods publickey,password publickey'],
  ].flatMap((today) => [
    { today, advice: ['PasswordAuthentication no'] },
    { today, advice: ['PermitRootLogin no'] },
    { today, advice: ['PermitRootLogin prohibit-password', 'PubkeyAuthentication no'] },
  ]),
  { today: ['PermitRootLogin yes'], advice: ['AllowUsers audit'] },
  { today: ['PermitRootLogin yes'], advice: ['AllowUsers deploy'] },
  { today: ['PermitRootLogin yes'], advice: ['AllowUsers aud?t@10.77.*', 'DenyUsers root'] },
  { today: ['PermitRootLogin yes'], advice: ['AllowUsers *@192.0.2.0/24'] },
  { today: ['PermitRootLogin yes'], advice: ['AllowGroups operators'] },
  { today: ['PermitRootLogin yes'], advice: ['DenyGroups oper*'] },
  { today: ['PermitRootLogin yes'], advice: ['AuthenticationMethods publickey,password'] },
  { today: ['PermitRootLogin yes'], advice: ['AuthenticationMethods password publickey'] },
  {
    today: ['PermitRootLogin no', 'Match Address 10.77.0.0/16', '  PermitRootLogin yes'],
    advice: ['PasswordAuthentication no'],
  },
  {
    today: ['PermitRootLogin yes', 'Match User audit', '  PubkeyAuthentication no'],
    advice: ['PasswordAuthentication no'],
  },
  {
    today: ['PasswordAuthentication no', 'Match Group operators', '  PasswordAuthentication yes'],
    advice: ['PermitRootLogin no'],
  },
  {
    today: ['PasswordAuthentication yes', 'Match User root Address 192.0.2.0/24', '  PermitRootLogin yes'],
    advice: ['PermitRootLogin no'],
  },
  // What a block repeats of the general part holds on when the general part changes; the first block that fits wins.
  {
    today: ['PermitRootLogin yes', 'Match Address 10.77.0.0/16', '  PermitRootLogin yes'],
    advice: ['PermitRootLogin no'],
  },
  {
    today: [
      ...['PasswordAuthentication yes', 'Match Group operators', '  PasswordAuthentication yes'],
      ...['Match User audit', '  PasswordAuthentication no', '  PubkeyAuthentication no'],
    ],
    advice: ['PasswordAuthentication no'],
  },
  { today: ['AllowUsers root audit', 'Match User audit', '  AllowUsers root audit'], advice: ['AllowUsers root'] },
  { today: ['PermitRootLogin yes'], advice: ['AllowUsers !audit *'] },
  { today: ['PermitRootLogin yes'], advice: ['AllowGroups !operators *'] },
  { today: ['PermitRootLogin yes'], advice: ['AllowGroups !audit'] },
  { today: ['PermitRootLogin yes'], advice: ['DenyUsers audit@10.77.0.0/16'] },
  {
    today: ['PasswordAuthentication no', 'Match Group *,!operators', '  PasswordAuthentication yes'],
    advice: ['PermitRootLogin no'],
  },
];

const USERS = ['audit', 'root'] as const;
const METHODS = ['publickey', 'password'] as const;

function changeOf(advice: readonly string[]): SettingsChange {
  return Object.fromEntries(
    advice.map((line) => {
      const [keyword = '', ...values] = line.split(' ');
      const many = /users$|groups$/i.test(keyword);
      return [keyword.toLowerCase(), many ? values : [values.join(' ')]];
    }),
  );
}

describeLab('the forecast of who would still get in', () => {
  let lab: Lab;
  let host: LabHost;

  beforeAll(async () => {
    lab = await createLab();
    host = await lab.host({ name: 'forecast', profile: 'bare', setup: SETUP });
  });
  afterAll(() => lab?.destroy());

  const write = (lines: readonly string[]) =>
    host.exec('cat > /etc/ssh/sshd_config; [ -d /run/sshd ] || mkdir -p /run/sshd; sshd -t', {
      stdin: `${lines.join('\n')}\n`,
    });

  /** What the host tells of its sshd, by the very section of the host script. */
  async function told(): Promise<HostSshdFacts> {
    const marker = 'sw-forecast';
    const script = hostScript([sshdSection], { marker, sudo: false });
    const { stdout, stderr } = await host.exec('sh -s', { stdin: script, check: false });
    const frame = readFrames(Buffer.from(stdout), Buffer.from(stderr), { marker, sections: [sshdSection] }).frames.get(
      sshdSection.key,
    );
    if (!frame?.ok) throw new Error(JSON.stringify(frame));
    return sshdSection.parse(frame.output);
  }

  /** A server of its own for each configuration, so that nobody waits for a reload. */
  /** False where sshd refuses the configuration, which locks out everybody. */
  async function serve(lines: readonly string[], port: number): Promise<boolean> {
    const file = `/etc/ssh/config-${port}`;
    const { code } = await host.exec(
      `cat > ${file}; /usr/sbin/sshd -f ${file} -p ${port} -o PidFile=/run/sshd-${port}.pid || exit 1; for i in $(seq 100); do ss -Htln | grep -q ":${port} " && exit 0; sleep 0.05; done; exit 1`,
      { stdin: `${lines.join('\n')}\n`, check: false },
    );
    return code === 0;
  }

  function getsIn(user: string, method: (typeof METHODS)[number], port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const client = new ssh2.Client();
      const end = (in_: boolean) => {
        client.end();
        resolve(in_);
      };
      client.on('ready', () => end(true));
      client.on('error', () => end(false));
      const way =
        method === 'publickey'
          ? { type: 'publickey' as const, username: user, key: readFileSync(host.identity, 'utf8') }
          : { type: 'password' as const, username: user, password: 'secret' };
      let tried = false;
      client.connect({
        host: host.address,
        port,
        username: user,
        readyTimeout: 60_000,
        authHandler: (_left, _partial, next) => {
          if (tried) return false as never;
          tried = true;
          return next(way);
        },
      });
    });
  }

  it('is what a real sshd does then', async () => {
    const wrong: string[] = [];
    let [sure, out] = [0, 0];
    for (const [index, { today, advice }] of CASES.entries()) {
      await write([...BASE, ...today]);
      const facts = await told();
      const port = 3_000 + index;
      const runs = await serve([...advice, ...BASE, ...today], port);
      const ways = USERS.flatMap((user) => METHODS.map((method) => ({ user, method })));
      const results = await Promise.all(ways.map(({ user, method }) => runs && getsIn(user, method, port)));
      for (const [at, { user, method }] of ways.entries()) {
        const groups = user === 'audit' ? ['audit', 'operators'] : ['root'];
        const way: LoginWay = { user, method, groups, address: lab.address };
        const forecast: Forecast = forecastLogin(facts, changeOf(advice), way);
        const real = results[at] ? 'in' : 'out';
        if (forecast.verdict === 'unknown') continue;
        sure += 1;
        if (real === 'out') out += 1;
        if (forecast.verdict !== real) {
          wrong.push(
            `${user} ${method}, today ${today.join('; ')}, advice ${advice.join('; ')}: ${real}, said ${forecast.verdict} (${forecast.why})`,
          );
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(CASES.length).toBeGreaterThanOrEqual(20);
    expect(sure).toBeGreaterThanOrEqual(CASES.length * 3);
    expect(out).toBeGreaterThan(20);
  }, 120_000);
});
