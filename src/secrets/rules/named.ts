import { chosen, machineMade } from '../judge.ts';
import type { Rule } from '../rule.ts';
import { sample } from '../sample.ts';

const value = `${sample(11)}!7`;
const NAMES = ['password', 'passwd', 'secret', 'token', 'api_key', 'apikey'] as const;

/** Names and values that stand apart: in XML, in lists of names and values, on command lines, in settings without a sign. */
export const NAMED: readonly Rule[] = [
  {
    id: 'name-value-pair',
    title: 'secret beside its name',
    severity: 'high',
    kind: 'generic',
    keywords: NAMES,
    regex:
      /(?:password|passwd|secret|token|api_?key)["'`]?,?\s{0,40}["']?value["']?[ \t]{0,8}[:=][ \t]{0,8}["']([^\s"'`<>${}]{6,200})["']/iy,
    judge: chosen,
    examples: {
      true: [
        `- name: DB_PASSWORD\n  value: "${value}"`,
        `{"name": "PASSWORD", "value": "${value}"}`,
        `<add key="Password" value="${value}" />`,
      ],
      false: ['- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: x', '- name: PASSWORD\n  value: "$(DB_PASSWORD)"'],
    },
  },
  {
    id: 'xml-password',
    title: 'password in an XML element',
    severity: 'high',
    kind: 'generic',
    keywords: ['password>', 'passwd>', 'passphrase>', 'secret>', 'apikey>', 'token>'],
    regex: /(?:password|passwd|passphrase|secret|apikey|token)>([^\s<>${}]{6,200})<\//iy,
    judge: chosen,
    examples: {
      true: [`<password>${value}</password>`],
      false: ['<password>${env.PASSWORD}</password>', '<label>Password</label>', '<password></password>'],
    },
  },
  {
    id: 'command-line-secret',
    title: 'secret on a command line',
    severity: 'high',
    kind: 'generic',
    keywords: [
      '--password',
      '--token',
      '--api-key',
      '--apikey',
      '--secret',
      '--access-token',
      '--auth-token',
      '--client-secret',
    ],
    regex:
      /--(?:password|token|api-?key|secret|access-token|auth-token|client-secret)(?:=|["']?,?[ \t]{1,4})["']?([\w+/=.~!@#%^&*-]{12,200})/iy,
    judge: (secret) => (secret.startsWith('-') ? 'no' : machineMade(secret)),
    examples: {
      true: [`shop login --api-key ${sample(32)}`, `--token=${sample(40, 'hex')}`],
      false: ['--token "$TOKEN"', '--password-file /run/secrets/password1', '--secret id=npmrc,src=.npmrc'],
    },
  },
  {
    id: 'dockerfile-env',
    title: 'password in a container image',
    severity: 'high',
    kind: 'generic',
    keywords: ['ENV ', 'ARG '],
    regex:
      /(?<=^[ \t]{0,8})(?:ENV|ARG) [A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY)[A-Z0-9_]{0,20}[ =]["']?([^\s"'`<>${}]{6,200})/my,
    judge: chosen,
    examples: { true: [`FROM x\nENV DB_PASSWORD ${value}\n`], false: ['ENV DB_PASSWORD=$PASSWORD', 'ARG NPM_TOKEN'] },
  },
  {
    id: 'setting-without-sign',
    title: 'password in a server configuration',
    severity: 'high',
    kind: 'context',
    keywords: ['requirepass', 'masterauth', 'rootpw', 'bindpw', 'rpcpassword='],
    regex:
      /(?<=^[ \t]{0,8})(?:requirepass|masterauth|rootpw|bindpw|rpcpassword=)[ \t]{0,20}["']?([^\s"'`<>${}]{6,200})/my,
    judge: chosen,
    examples: {
      true: [`requirepass ${value}`, `\nbindpw ${value}`],
      false: ['# requirepass foobared', 'requirepass $PASSWORD'],
    },
  },
  {
    id: 'ini-pass',
    title: 'password in a settings file',
    severity: 'high',
    kind: 'generic',
    keywords: ['pass'],
    regex:
      /(?<=^[ \t]{0,20}["']?)pass["']?[ \t]{0,8}[=:][ \t]{0,8}["']?([^\s"'`<>${}()[\];,]{6,100})["']?,?[ \t]{0,8}$/my,
    judge: chosen,
    examples: { true: [`[db]\npass = ${value}\n`], false: ['pass = fail == 0\n', 'pass: boolean;', 'pass = true'] },
  },
];
