import { chosen, machineMade } from '../judge.ts';
import { ASSIGN, type Rule } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

const VALUE = '[\\w+/=.~-]{16,200}';

/**
 * Tokens that open nothing (the next page of a list, the name of a request that may be sent twice), and the names of secrets
 * in Amazon's resource names.
 */
const NOT_TOLD_FROM =
  '(?<!(?:next|continuation|page|pagination|cursor|marker|client_?request|idempotency|change|action|postman|verification|term)[-_]?|arn:aws[\\w-]{0,10}:secretsmanager:[\\w&;{}$-]{1,40}:[\\w&;{}$-]{1,40}:)';

/** Assignments that no provider's rule knows, judged by how rare the value is among words. */
export const GENERIC: readonly Rule[] = [
  {
    id: 'generic-secret',
    title: 'secret assigned to a name',
    severity: 'high',
    kind: 'generic',
    keywords: [
      'secret',
      'token',
      'api_key',
      'apikey',
      'api-key',
      'access_key',
      'accesskey',
      'auth_key',
      'authkey',
      'private_key',
      'privatekey',
      'encryption_key',
      'encryptionkey',
      'credential',
      'client_key',
      'master_key',
      'masterkey',
    ],
    regex: new RegExp(
      `${NOT_TOLD_FROM}(?:secret|token|api[_-]?key|access_?key|auth_?key|private_?key|encryption_?key|credential|client_key|master_?key)(?![\\w.-]{0,30}(?:sha-?\\d{1,3}|hash|digest|fingerprint|checksum|_?id|url|file|path|name|type|version)["'\\]]{0,2}[ \\t]{0,5}[=:])[\\w.-]{0,30}${ASSIGN}(${VALUE})(?![\\w+/=.~(-])`,
      'iy',
    ),
    judge: machineMade,
    examples: {
      true: [`const apiKey = "${sample(32)}"`, `MY_SECRET=${sample(40, 'hex')}`, `auth_key: '${sample(24)}'`],
      false: [
        'const token = parser.nextTokenOrThrow2(input)',
        'secretName: shop-frontend-credentials-v2',
        'API_KEY=${SHOP_API_KEY_PRODUCTION_1}',
        'tokenizer: internationalization2026words',
        `"nextToken": "${sample(40)}"`,
        `ClientRequestToken: "${sampleUuid()}"`,
        `arn:aws:secretsmanager:us-west-2:123456789012:secret:${sample(20)}`,
        `AWSAccessKeyId=${sample(20)}`,
        `secretVersion: "${sampleUuid()}"`,
        `token_url: https://example.com/oauth2/${sampleUuid()}`,
      ],
    },
  },
  {
    id: 'generic-password',
    title: 'password assigned to a name',
    severity: 'high',
    kind: 'generic',
    keywords: [
      'password',
      'passwd',
      'passphrase',
      'pwd',
      'db_pass',
      'dbpass',
      'user_pass',
      'smtp_pass',
      'mail_pass',
      'root_pass',
      'admin_pass',
    ],
    regex:
      /(?:password|passwd|passphrase|pwd|(?:db_?|user_|smtp_|mail_|root_|admin_)pass)[\w.-]{0,20}(?:\\?["'`]|\]){0,3}[ \t]{0,20}(?:=>|:=|[=:,])[ \t]{0,20}(?:[bf]?\\?["'`]([^\s"'`<>${}\\]{6,100})\\?["'`](?![ \t]{0,4}[+.%])|(?<=[=:][ \t]{0,20})([^\s"'`<>${}();,[\]\\]{6,100})(?=[ \t]{0,8}(?:#[^\r\n]{0,100})?[\r\n]|[ \t]{0,8}$))/iy,
    judge: chosen,
    examples: {
      true: [
        `DB_PASSWORD=${sample(12)}`,
        `"password": "${sample(10)}!7"`,
        `  password: ${sample(14)}\n`,
        `$cfg['pwd'] = '${sample(9)}#';`,
      ],
      false: [
        'password: string;',
        'DB_PASSWORD=${DB_PASSWORD}',
        'const password = req.body.password;',
        'password: "Enter your password"',
        'passwordField = document.getElementById(x)',
        'password = getPassword()',
        '"PasswordLastUsed": "2016-09-08T21:47:36Z"',
        '"dumb-passwords": "^0.2.1"',
        'createElement("label", null, "Password:"),e?p.createElement("b")',
        "Buffer.from(password, 'base64')",
        "paths: ['user.password', 'data[0].secret', '*.*.password', '*.*.*.password']",
        "passwordPolicies: 'DisablePasswordExpiration,'",
        "'password', 'invalidLinkURL'",
        '`ForgotPassword`,`LDAPForgotPasswordDenied`',
        '`SQL_PASSWORD`, `POSTGRES_SCRAM_SHA_256`',
      ],
    },
  },
  {
    id: 'jwt',
    title: 'JSON Web Token',
    severity: 'medium',
    kind: 'format',
    keywords: ['eyJ'],
    regex: /(?<!(?<!\\)[\w.-])(eyJ[\w-]{14,2000}\.eyJ[\w-]{10,6000}\.[\w-]{20,1000})(?![\w.-])/y,
    judge: (secret) => {
      const [header = '', payload = ''] = secret
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('latin1'));
      if (!header.includes('"alg"')) return 'no';
      return /John Doe|"exp"\s*:\s*[0-9]{1,9}\b(?!\d)/.test(payload) ? 'doubtful' : 'secret';
    },
    examples: {
      true: [
        `${['{"alg":"HS256","typ":"JWT"}', '{"sub":"42","role":"admin"}'].map((part) => Buffer.from(part).toString('base64url')).join('.')}.${sample(43)}`,
      ],
      false: [
        'eyJhbGciOiJIUzI1NiJ9',
        `${Buffer.from('{"typ":"JWT","kid":"1"}').toString('base64url')}.eyJ${sample(20)}.${sample(43)}`,
      ],
    },
  },
  {
    id: 'password-hash',
    title: 'password hash',
    severity: 'medium',
    kind: 'format',
    keywords: ['$2a$', '$2b$', '$2y$', '$6$', '$5$', '$y$', '$argon2id$', '$argon2i$', '$apr1$'],
    regex:
      /(?<![\w$])(\$(?:2[aby]\$[0-9]{2}\$[A-Za-z0-9./]{53}|6\$(?:rounds=[0-9]{1,9}\$)?[A-Za-z0-9./]{4,16}\$[A-Za-z0-9./]{86}|5\$[A-Za-z0-9./]{4,16}\$[A-Za-z0-9./]{43}|y\$[A-Za-z0-9./]{1,12}\$[A-Za-z0-9./]{8,40}\$[A-Za-z0-9./]{43}|argon2id?\$v=[0-9]{1,3}\$m=[0-9]{1,9},t=[0-9]{1,4},p=[0-9]{1,4}\$[A-Za-z0-9+/]{10,90}\$[A-Za-z0-9+/]{20,90}|apr1\$[A-Za-z0-9./]{1,8}\$[A-Za-z0-9./]{22}))(?![A-Za-z0-9./$])/y,
    examples: {
      true: [`root:$6$${sample(16)}$${sample(86)}:19000:`, `'$2b$12$${sample(53)}'`],
      false: ['echo $2b$12', 'sed s/$6$x/'],
    },
  },
];
