import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** System packages that the tests with real servers need, each with a program that proves that it is there. */
const PACKAGES: Readonly<Record<string, string>> = {
  nginx: '/usr/sbin/nginx',
  apache2: '/usr/sbin/apache2',
  caddy: '/usr/bin/caddy',
  'openssh-server': '/usr/sbin/sshd',
  sudo: '/usr/bin/sudo',
  'dropbear-bin': '/usr/sbin/dropbear',
  tinysshd: '/usr/sbin/tinysshd',
  nftables: '/usr/sbin/nft',
  iptables: '/usr/sbin/iptables',
  ufw: '/usr/sbin/ufw',
  firewalld: '/usr/sbin/firewalld',
  'dbus-daemon': '/usr/bin/dbus-daemon',
  fail2ban: '/usr/bin/fail2ban-client',
  iproute2: '/usr/sbin/ip',
  procps: '/usr/sbin/sysctl',
  openssl: '/usr/bin/openssl',
  git: '/usr/bin/git',
  nmap: '/usr/bin/nmap',
  sslscan: '/usr/bin/sslscan',
  'testssl.sh': '/usr/bin/testssl',
  'apache2-bin': '/usr/sbin/apache2',
  haproxy: '/usr/sbin/haproxy',
  'dovecot-imapd': '/usr/sbin/dovecot',
  'ssh-audit': '/usr/bin/ssh-audit',
  bind9: '/usr/sbin/named',
  chromium: '/usr/bin/chromium',
  supervisor: '/usr/bin/supervisord',
  lynis: '/usr/sbin/lynis',
  rsyslog: '/usr/sbin/rsyslogd',
  busybox: '/usr/bin/busybox',
  dash: '/usr/bin/dash',
  'distro-info-data': '/usr/share/distro-info/debian.csv',
  'prometheus-alertmanager': '/usr/bin/prometheus-alertmanager',
  'redis-server': '/usr/bin/redis-server',
  'mariadb-server': '/usr/sbin/mariadbd',
  'iputils-ping': '/usr/bin/ping',
  'prometheus-blackbox-exporter': '/usr/bin/prometheus-blackbox-exporter',
};

/** The packages that are not installed. */
export function missingPackages(): string[] {
  return Object.entries(PACKAGES)
    .filter(([, program]) => !existsSync(program) && !existsSync(program.replace('/usr', '')))
    .map(([name]) => name);
}

/** Installs what is missing where that is possible: as root on Debian or Ubuntu. Elsewhere the tests say what they lack. */
export async function ensurePackages(): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0 || process.getuid?.() !== 0 || !isDebian()) return;
  console.error(`installing ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  apt('update', '-q');
  const { status } = apt('install', '-y', '-q', '--no-install-recommends', ...missing);
  if (status !== 0) console.error('some packages could not be installed');
}

function isDebian(): boolean {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID(?:_LIKE)?=.*(?:debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
}
