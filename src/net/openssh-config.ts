import type { SshLogin } from '../core/target.ts';

/** Paths that have been looked up already; nothing of the user's own ssh_config is read. */
export interface OpenSshFiles {
  /** Private key; without it the agent's. */
  identity: string | null;
  certificate: string | null;
  /** Files with expected host keys, in order. */
  knownHosts: readonly string[];
}

/**
 * The ssh_config of one log-in: nothing is asked, nothing is learned, nothing is forwarded, and a host key that is not
 * expected ends it. A pinned fingerprint is compared by KnownHostsCommand, which hands back the very key that was shown.
 * Throws for text that could leave its line.
 */
export function openSshConfig(
  login: SshLogin,
  files: OpenSshFiles,
  options: { connectS: number; hostKeyAlgorithms?: string },
): string {
  const known = files.knownHosts.map(quoted).join(' ') || '/dev/null';
  const pin = login.hostKey === undefined ? null : pinOf(login.hostKey);
  return `${[
    'Host target',
    `  HostName ${bare(login.host)}`,
    `  Port ${login.port}`,
    `  User ${quoted(login.user)}`,
    ...(options.hostKeyAlgorithms ? [`  HostKeyAlgorithms ${options.hostKeyAlgorithms}`] : []),
    ...(login.jump?.length ? [`  ProxyJump ${login.jump.map(bare).join(',')}`] : []),
    ...(pin
      ? ['  UserKnownHostsFile /dev/null', `  KnownHostsCommand /bin/sh -c "[ '%f' = '${pin}' ] && echo '%H %t %K'; :"`]
      : []),
    '  LogLevel DEBUG2',
    'Host *',
    '  BatchMode yes',
    '  StrictHostKeyChecking yes',
    '  UpdateHostKeys no',
    '  VerifyHostKeyDNS no',
    '  CheckHostIP no',
    `  UserKnownHostsFile ${known}`,
    '  GlobalKnownHostsFile /dev/null',
    ...(files.identity === null
      ? []
      : [`  IdentityFile ${quoted(files.identity)}`, '  IdentitiesOnly yes', '  IdentityAgent none']),
    ...(files.certificate === null ? [] : [`  CertificateFile ${quoted(files.certificate)}`]),
    '  PreferredAuthentications publickey',
    '  AddKeysToAgent no',
    '  ForwardAgent no',
    '  ForwardX11 no',
    '  PermitLocalCommand no',
    '  ControlMaster no',
    '  ControlPath none',
    '  RequestTTY no',
    '  EscapeChar none',
    '  TCPKeepAlive yes',
    `  ConnectTimeout ${options.connectS}`,
    '  ServerAliveInterval 10',
    '  ServerAliveCountMax 3',
    '  LogLevel ERROR',
  ].join('\n')}\n`;
}

function pinOf(fingerprint: string): string {
  const pin = `SHA256:${fingerprint.replace(/^SHA256:/i, '').replace(/=+$/, '')}`;
  if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(pin)) throw new Error('the pinned fingerprint is none');
  return pin;
}

/** A name, an address or `user@host:port`: no blanks, quotes or percent signs, and nothing that looks like an option. */
function bare(text: string): string {
  if (!/^[A-Za-z0-9._[\]:@+_][A-Za-z0-9._[\]:@+_-]*$/.test(text)) throw new Error(`"${text}" cannot be a host for ssh`);
  return text;
}

function quoted(text: string): string {
  if (/["\\\n\r\0]/.test(text)) throw new Error('a quote, backslash or line break cannot stand in a setting of ssh');
  return `"${text.replaceAll('%', '%%')}"`;
}
