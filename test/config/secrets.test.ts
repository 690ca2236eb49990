// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written like that
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../src/config/problem.ts';
import { configOf, folder, problemsOf } from './support.ts';

const hook = (secret: string) =>
  `alerting: { channels: { h: { webhook: { url: "https://h.example/", secret: "${secret}" } } } }`;
const settings = (text: string, more?: Parameters<typeof configOf>[1]) =>
  configOf(text, more).alerting?.channels[0]?.settings;
const warnings = (text: string) => configOf(text).warnings.map(formatProblem);

describe('references', () => {
  it('are replaced by the variable or by the file without its last line end', () => {
    expect(settings(hook('${env:KEY}'), { env: { KEY: 'k1' } })).toMatchObject({ secret: 'k1' });
    const dir = folder({ 'secrets/hook': 'k2\n' });
    expect(settings(hook('${file:secrets/hook}'), { dir })).toMatchObject({ secret: 'k2' });
    expect(settings(hook('Bearer ${env:KEY}'), { env: { KEY: 'k3' } })).toMatchObject({ secret: 'Bearer k3' });
  });

  it('can be written literally', () => {
    expect(settings(hook('$${env:KEY}'))).toMatchObject({ secret: '${env:KEY}' });
  });

  it.each([
    ['${env:NOPE}', 'the environment variable NOPE is not set'],
    ['${env:EMPTY}', 'the environment variable EMPTY is not set'],
    ['${file:/nowhere/x}', 'the file /nowhere/x does not exist'],
    ['${file:/}', 'the file / is not a file'],
    ['${HOME}', '"${HOME}" is not a reference'],
    ['${vault:x}', '"${vault:x}" is not a reference'],
  ])('%s leads nowhere and is said once', (reference, message) => {
    const problems = problemsOf(hook(reference), { env: { EMPTY: '' } });
    expect(problems).toEqual([expect.stringContaining(`alerting.channels.h.webhook.secret: ${message}`)]);
  });

  it('do not reveal a value in a message about something else', () => {
    const text = 'targets: [{ id: a, endpoint: "${env:KEY}" }]';
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{20,60}$/), (secret) => {
        expect(problemsOf(text, { env: { KEY: secret } }).join('\n')).not.toContain(secret);
      }),
    );
    const severity = 'checks: { headers.*: { severity: "${env:KEY}" } }';
    expect(problemsOf(severity, { env: { KEY: 'topsecretvalue' } }).join()).not.toContain('topsecretvalue');
  });
});

describe('a secret that stands in the file', () => {
  it('is a warning without the secret', () => {
    const warning = warnings(hook('whsec_literal'))
      .filter((one) => !one.includes('there are no targets'))
      .join();
    expect(warning).toMatch(/^seaworthy.yaml:1:\d+ alerting.channels.h.webhook.secret: a secret stands in the file/);
    expect(warning).not.toContain('whsec_literal');
  });

  it('is seen in headers that carry one, and only there', () => {
    const monitor = (header: string) =>
      warnings(`alerting: { channels: { h: { webhook: { url: "https://h.example/", headers: { ${header}: x } } } } }`);
    expect(monitor('Authorization').join()).toContain('alerting.channels.h.webhook.headers.Authorization');
    expect(monitor('Accept').join()).not.toContain('secret');
  });
});
