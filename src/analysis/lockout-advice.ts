import type { FactBundle } from '../core/facts/bundle.ts';
import type { FactMap } from '../core/facts/index.ts';
import type { Finding } from '../core/finding.ts';
import type { HostTarget, SshLogin, Target } from '../core/target.ts';
import { type Forecast, forecastLogin, type LoginWay, type SettingsChange } from './lockout.ts';

/** What `details.lockout` holds: who, and whether the advice would lock them out. */
export interface Lockout extends Forecast {
  who: string;
}

/** What following the advice of a check does to sshd's settings. */
const CHANGES: Readonly<Record<string, SettingsChange>> = {
  'ssh.password-authentication': { passwordauthentication: ['no'], kbdinteractiveauthentication: ['no'] },
  'ssh.auth-methods': {
    passwordauthentication: ['no'],
    kbdinteractiveauthentication: ['no'],
    hostbasedauthentication: ['no'],
  },
  'ssh.root-login': { permitrootlogin: ['no'] },
  'ssh.allow-list': { allowgroups: ['ssh-users'] },
  'ssh.empty-passwords': { permitemptypasswords: ['no'] },
  'ssh.host-based-auth': { hostbasedauthentication: ['no'] },
};
const ALGORITHMS = ['ssh.kex', 'ssh.ciphers', 'ssh.macs', 'ssh.host-key-algorithms'];
const FIREWALL = ['firewall.default-deny', 'firewall.active'];

/** The findings, with a forecast on those whose advice could shut the door on the auditor's own log-in. */
export function withForecasts(findings: readonly Finding[], target: Target, facts: FactBundle['facts']): Finding[] {
  if (target.kind !== 'host' || !target.ssh) return [...findings];
  const { ssh } = target;
  const seen = <K extends 'host.sshd' | 'login' | 'sshd'>(key: K): FactMap[K] | null => {
    const fact = facts[key];
    return fact?.ok ? (fact.value as FactMap[K]) : null;
  };
  const [settings, login, wire] = [seen('host.sshd'), seen('login'), seen('sshd')];
  if (!login || login.refused !== null) return [...findings];
  const who = `${ssh.user} by key`;
  const removed = (check: string) =>
    findings.filter((one) => one.check === check && one.status === 'fail').map(({ subject }) => subject);
  const forecast = (finding: Finding): Forecast | null => {
    const change = CHANGES[finding.check];
    if (change) return settings ? forecastLogin(settings, change, wayOf(ssh, settings)) : notSeen;
    if (ALGORITHMS.includes(finding.check))
      return withoutAlgorithms(finding.check, removed(finding.check), login, wire);
    return FIREWALL.includes(finding.check) ? behindFirewall(target, ssh) : null;
  };
  return findings.map((finding) => {
    if (finding.status !== 'fail') return finding;
    const told = forecast(finding);
    if (!told) return finding;
    const lockout: Lockout[] = [{ who, ...told }];
    const advice = `${finding.remediation ?? ''} ${sentence(who, told)}`.trim();
    return { ...finding, remediation: advice, details: { ...finding.details, lockout } };
  });
}

const notSeen: Forecast = { verdict: 'unknown', why: "sshd's settings could not be read" };

/** What the host told of the account that logged in, where it is the one of the log-in. */
function wayOf(ssh: SshLogin, { account }: FactMap['host.sshd']): LoginWay {
  const known = account?.user === ssh.user ? account : null;
  return { user: ssh.user, method: 'publickey', groups: known?.groups ?? null, address: known?.address ?? null };
}

function sentence(who: string, { verdict, why }: Forecast): string {
  if (verdict === 'in') return `This audit's own log-in (${who}) would still get in.`;
  if (verdict === 'out') return `Careful: this audit's own log-in (${who}) would be locked out: ${why}.`;
  return `Whether this audit's own log-in (${who}) would still get in is not known: ${why}.`;
}

/** Taking away what a connection does not use does not change what it agrees on. */
function withoutAlgorithms(
  check: string,
  removed: readonly string[],
  login: FactMap['login'],
  wire: FactMap['sshd'] | null,
): Forecast {
  if (check === 'ssh.host-key-algorithms') {
    const { type } = login.hostKey;
    const algorithms = type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];
    const left = algorithms.filter((name) => !removed.includes(name) && wire?.hostKeyAlgorithms.includes(name));
    return left.length > 0
      ? { verdict: 'in', why: `the host key is still shown by ${left[0]}` }
      : { verdict: 'out', why: `the host key that is expected (${type}) could no longer be shown` };
  }
  const agreed = login.agreed;
  if (!agreed) return { verdict: 'unknown', why: 'it is not known what this log-in agreed on' };
  const used = check === 'ssh.kex' ? agreed.kex : check === 'ssh.ciphers' ? agreed.cipher : agreed.mac;
  if (!removed.includes(used)) return { verdict: 'in', why: `it uses ${used}` };
  return { verdict: 'unknown', why: `it uses ${used} today, and would have to agree on another` };
}

function behindFirewall({ firewall }: HostTarget, { port }: SshLogin): Forecast {
  if (firewall?.allow.includes(port)) return { verdict: 'in', why: `port ${port} is declared as open` };
  return { verdict: 'out', why: `no rule for port ${port} is declared (firewall.allow); add one first` };
}
