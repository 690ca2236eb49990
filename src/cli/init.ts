import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/error.ts';
import { lookAround, type Surroundings } from './look-around.ts';
import { writeWhole } from './output.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  command
    .option('--output <file>', 'where to write', 'seaworthy.yaml')
    .option('--print', 'only print it')
    .action(async ({ output, print }: { output: string; print?: boolean }) => {
      const found = lookAround(io.cwd, io.now());
      const text = starter(found);
      if (print) return io.out(text);
      const path = join(io.cwd, output);
      if (existsSync(path)) {
        throw new AppError('file-exists', `${output} exists and is left as it is`, {
          hint: '--print shows what would be written, --output FILE writes elsewhere',
        });
      }
      writeWhole(path, text);
      io.err(`wrote ${output}; \`seaworthy config check\` reads it, \`seaworthy serve\` starts with it\n`);
    });
};

/** A commented configuration for what was found; what was not found stands as a comment to fill in. */
export function starter(found: Surroundings): string {
  const targets: string[] = [];
  for (const site of found.sites) {
    targets.push(
      `  # nginx serves this name${site.tls ? '' : ', without TLS'}.`,
      `  - id: ${idOf(site.name)}`,
      '    service: main',
      `    endpoint: ${site.tls ? 'https' : 'http'}://${site.name}/`,
      '    audit: { every: 6h }',
      '    monitor: { every: 30s }',
      '',
    );
  }
  if (found.sites.length === 0) {
    targets.push(
      '  # A page, as its users reach it.',
      '  # - id: web',
      '  #   service: main',
      '  #   endpoint: https://www.example.com/',
      '  #   audit: { every: 6h }',
      '  #   monitor: { every: 30s, expect: { status: [200] } }',
      '',
    );
  }
  targets.push(
    `  # This machine, looked at from inside. Listening beyond loopback: ${found.ports.join(', ') || 'nothing'}.`,
    `  - id: ${idOf(found.hostname)}`,
    '    service: main',
    '    host: local',
    `    firewall: { allow: [${found.ports.join(', ')}] }  # what is meant to be open; strike what is not`,
    '    audit: { every: 6h }',
    '',
    '  # Another machine, over SSH. Its host key is always verified.',
    '  # - id: app-1',
    '  #   service: main',
    '  #   host: ssh://audit@10.0.0.5',
    '  #   ssh: { identity: ~/.ssh/id_ed25519, knownHosts: ~/.ssh/known_hosts, sudo: true }',
    '',
  );
  if (found.git)
    targets.push('  # The repository in this folder.', '  - { id: code, service: main, repository: ./ }', '');
  else targets.push('  # - { id: code, service: main, repository: /path/to/repository }', '');
  for (const [index, backup] of found.backups.entries()) {
    const hours = Math.round(backup.newestAgeMs / 3_600_000);
    targets.push(
      `  # The newest of these is ${hours} h old.`,
      `  - { id: backup-${index + 1}, service: main, backup: { files: "${backup.pattern}" }, expect: { maxAge: 26h, minSize: 1MiB } }`,
      '',
    );
  }
  if (found.backups.length === 0) {
    targets.push(
      '  # - { id: backup, service: main, backup: { files: "/var/backups/*.sql.gz" }, expect: { maxAge: 26h, minSize: 1MiB } }',
      '',
    );
  }
  const ssh = found.sshd
    ? [
        '  # The SSH server of this machine, seen from outside.',
        '  - { id: ssh, service: main, endpoint: "ssh://127.0.0.1:22" }',
        '',
      ]
    : [];
  return [
    '# What Seaworthy looks at. `seaworthy config check` says what is wrong with it,',
    '# `seaworthy config schema` prints its JSON Schema for your editor.',
    'version: 1',
    '',
    'services:',
    '  - { id: main, name: Main, environment: production }  # owner: team, runbook: https://...',
    '',
    'targets:',
    ...targets,
    ...ssh,
    '# Options of checks: `seaworthy explain <check-id>` names them.',
    '# checks:',
    '#   headers.hsts: { minDays: 365 }',
    '#   headers.permissions-policy: off',
    '',
    '# A failure that is accepted until a day, with a reason and somebody who answers for it.',
    '# waivers:',
    '#   - { check: tls.protocols, target: legacy, until: 2027-03-01, reason: "old scanners", owner: ana }',
    '',
    '# Who is told. Without this, incidents show in the dashboard and nobody is told.',
    '# alerting:',
    '#   channels:',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written
    '#     team: { webhook: { url: "https://hooks.example.com/x", secret: "${env:HOOK_SECRET}" } }',
    '#   routes:',
    '#     - { match: { severity: [critical, high] }, channel: team }',
    '',
  ].join('\n');
}

function idOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '') || 'this-machine'
  );
}
