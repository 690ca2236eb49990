import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { fail, notApplicable, outcomesOr, pass } from '../../src/core/outcome.ts';

const rules = (...texts: string[]) => ({
  installed: true,
  rules: texts.map((text) => ({ file: '/etc/sudoers.d/team', text })),
});

/** Whether a rule without a password gives away everything, or only named commands. */
function isUnlimited(text: string): boolean {
  const commands = text
    .slice(text.lastIndexOf('NOPASSWD:') + 'NOPASSWD:'.length)
    .replaceAll(/\b[A-Z_]+:/g, '')
    .trim();
  // sudoers(5): ALL, a directory, or a shell is as good as root.
  return commands
    .split(',')
    .some((command) => /^(ALL|\S+\/|\S*\/(ba|da|z|k)?sh|\S*\/(vim?|less|find|env|su|sudo))$/.test(command.trim()));
}

export default defineCheck({
  id: 'host.sudo-nopasswd',
  title: 'Nobody becomes root without a password, but for named commands',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'With NOPASSWD: ALL whoever gets into the account, by a stolen key or a hole in a web application, is root at once.',
  remediation:
    'Name the commands with their arguments (deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart shop) or leave NOPASSWD out; edit with visudo -f.',
  references: ['CIS Debian Linux 12 Benchmark', 'sudoers(5)'],
  needs: ['host.sudo'],
  options: z.strictObject({
    allow: z.array(z.string()).default([]).describe('users and %groups that may become root without a password'),
  }),
  evaluate({ 'host.sudo': sudo }, { options }) {
    if (!sudo.installed) return notApplicable('sudo is not installed');
    const free = sudo.rules.filter(
      (rule) =>
        rule.text.includes('NOPASSWD:') &&
        isUnlimited(rule.text) &&
        !options.allow.includes(rule.text.split(' ')[0] ?? ''),
    );
    return outcomesOr(
      free.map((rule) => {
        const who = rule.text.split(' ')[0] ?? '';
        return fail(who, `${who === 'ALL' ? 'every user' : who} becomes root without a password`, {
          severity: who === 'ALL' ? 'critical' : 'medium',
          seen: rule.text.slice(0, 200),
          wanted: 'named commands, or a password',
          location: { file: rule.file },
        });
      }),
      pass(`${sudo.rules.length} sudo rules; none gives everything away without a password`),
    );
  },
  examples: [
    {
      name: 'named commands only',
      facts: {
        'host.sudo': rules('root ALL=(ALL:ALL) ALL', 'audit ALL=(root) NOPASSWD: /usr/sbin/nft -j list ruleset'),
      },
      status: 'pass',
    },
    {
      name: 'everything for one account',
      facts: { 'host.sudo': rules('deploy ALL=(ALL) NOPASSWD: ALL') },
      status: 'fail',
      subjects: ['deploy'],
      severity: 'medium',
    },
    {
      name: 'everything for everybody',
      facts: { 'host.sudo': rules('ALL ALL=(ALL) NOPASSWD: ALL') },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'a shell is everything',
      facts: { 'host.sudo': rules('deploy ALL=(root) NOPASSWD: /bin/bash') },
      status: 'fail',
    },
    {
      name: 'accepted for one account',
      facts: { 'host.sudo': rules('audit ALL=(root) NOPASSWD: ALL') },
      options: { allow: ['audit'] },
      status: 'pass',
    },
    { name: 'no sudo', facts: { 'host.sudo': { installed: false, rules: [] } }, status: 'not-applicable' },
  ],
});
