import { chosen, isReference } from '../judge.ts';
import { rarity } from '../rarity.ts';
import { ASSIGN, assigned, type Judgement, type Rule } from '../rule.ts';
import { sample } from '../sample.ts';

const hex = (length: number) => sample(length, 'hex');
const real = (secret: string): Judgement =>
  /insecure|example|change|secret_?key|your|default/i.test(secret) ? 'doubtful' : 'secret';
const rare = (secret: string): Judgement =>
  rarity(secret) > 0.35 && !/^(?:os|env|config|process|settings)\b/.test(secret) ? real(secret) : 'no';

/** Keys with which web frameworks sign sessions and encrypt: whoever has one can be any user, and with some run code. */
export const FRAMEWORKS: readonly Rule[] = [
  {
    id: 'django-secret-key',
    title: 'Django secret key',
    severity: 'critical',
    kind: 'context',
    keywords: ['SECRET_KEY', 'DJANGO_SECRET'],
    regex: /(?:SECRET_KEY|DJANGO_SECRET)["']?[ \t]{0,8}=[ \t]{0,8}["']?([^\s"']{32,120})/y,
    judge: (secret) => (/[()[\]{}$]/.test(secret.slice(0, 6)) || /os\.|env|config/.test(secret) ? 'no' : rare(secret)),
    examples: {
      true: [`SECRET_KEY = '${sample(20)}+!&)${sample(30)}'`, `SECRET_KEY="django-insecure-${sample(50)}"`],
      false: ["SECRET_KEY = os.environ['DJANGO_SECRET_KEY_VARIABLE']", "SECRET_KEY = 'short'"],
    },
  },
  assigned(
    'rails-secret-key-base',
    'Rails or Phoenix secret key base',
    'critical',
    ['secret_key_base', 'secret_token'],
    '[0-9a-f]{64,128}|[A-Za-z0-9+/]{64}',
    {
      true: [`secret_key_base: ${hex(128)}`, `SECRET_KEY_BASE=${sample(64)}`],
      false: ['secret_key_base: <%= ENV["SECRET_KEY_BASE"] %>'],
    },
    { between: '' },
  ),
  assigned('rails-master-key', 'Rails master key', 'critical', ['rails_master_key', 'railsmasterkey'], '[0-9a-f]{32}', {
    true: [`RAILS_MASTER_KEY=${hex(32)}`],
    false: ['RAILS_MASTER_KEY=$KEY'],
  }),
  {
    id: 'laravel-app-key',
    title: 'Laravel application key',
    severity: 'critical',
    kind: 'format',
    keywords: ['base64:'],
    regex: /(?<=KEY["']?[ \t]{0,4}(?:=>|[=:,])[ \t]{0,4}["']?)(base64:[A-Za-z0-9+/]{43}=)/y,
    examples: { true: [`APP_KEY=base64:${sample(43)}=`], false: ['APP_KEY=base64:', `icon=base64:${sample(43)}=`] },
  },
  assigned(
    'flask-secret-key',
    'Flask secret key',
    'critical',
    ['app.secret_key', "app.config['SECRET_KEY'", 'app.config["SECRET_KEY"', 'flask_secret'],
    '[^\\s"\'`]{16,120}',
    {
      true: [`app.secret_key = '${sample(24)}'`, `app.config['SECRET_KEY'] = "${hex(32)}"`],
      false: ["app.secret_key = os.environ['FLASK_SECRET']", "app.secret_key = 'the secret key of the app'"],
    },
    { between: '[\\w]{0,20}', judge: rare },
  ),
  {
    id: 'session-secret',
    title: 'session secret',
    severity: 'high',
    kind: 'context',
    keywords: ['session({', 'session_secret', 'sessionsecret', 'cookie_secret', 'cookiesecret', 'cookie_key'],
    regex: new RegExp(
      `(?:session\\(\\{[^{}]{0,200}?\\bsecret["'\`]{0,1}[ \\t]{0,4}:[ \\t]{0,4}["'\`]|(?:session_?secret|cookie_?secret|cookie_key)${ASSIGN})([^\\s"'\`,;()<>\${}]{8,128})`,
      'iy',
    ),
    judge: (secret) => (chosen(secret) === 'no' ? 'no' : real(secret)),
    examples: {
      true: [`app.use(session({ resave: false, secret: '${sample(16)}' }))`, `SESSION_SECRET=${sample(32)}`],
      false: ['app.use(session({ secret: process.env.SESSION_SECRET }))', 'SESSION_SECRET=${SESSION_SECRET}'],
    },
  },
  assigned(
    'auth-secret',
    'key that signs log-ins',
    'critical',
    [
      'nextauth_secret',
      'auth_secret',
      'jwt_secret',
      'jwtsecret',
      'jwt_key',
      'jwt_signing_key',
      'jwt.secret',
      'token_secret',
      'signing_secret',
      'signing_key',
    ],
    '[^\\s"\'`,;()<>${}\\\\]{12,256}',
    {
      true: [`NEXTAUTH_SECRET=${sample(43)}=`, `const jwtSecret = "${sample(24)}"`],
      false: ['JWT_SECRET=${JWT_SECRET}', 'jwtSecret: process.env.JWT_SECRET', 'jwt_secret = get_jwt_secret()'],
    },
    {
      between: '',
      judge: (secret) => {
        if (isReference(secret)) return 'no';
        return rarity(secret) > 0.3 || (/\d/.test(secret) && chosen(secret) === 'secret') ? 'secret' : 'no';
      },
    },
  ),
  {
    id: 'wordpress-salt',
    title: 'WordPress key or salt',
    severity: 'high',
    kind: 'context',
    keywords: [
      "'AUTH_KEY'",
      "'SECURE_AUTH_KEY'",
      "'LOGGED_IN_KEY'",
      "'NONCE_KEY'",
      "'AUTH_SALT'",
      "'SECURE_AUTH_SALT'",
      "'LOGGED_IN_SALT'",
      "'NONCE_SALT'",
    ],
    regex: /'[A-Z_]{8,20}'[ \t]{0,8},[ \t]{0,20}'([^'\r\n]{40,80})'/y,
    judge: (secret) => (/unique phrase/.test(secret) ? 'no' : 'secret'),
    examples: {
      true: [`define( 'AUTH_KEY', '${sample(64)}' );`],
      false: ["define('AUTH_KEY', 'put your unique phrase here');"],
    },
  },
  assigned(
    'symfony-app-secret',
    'Symfony application secret',
    'high',
    ['app_secret'],
    '[0-9a-f]{32,64}',
    {
      true: [`APP_SECRET=${hex(32)}`],
      false: ['APP_SECRET=ChangeMe'],
    },
    { between: '' },
  ),
  {
    id: 'aspnet-machine-key',
    title: 'ASP.NET machine key',
    severity: 'critical',
    kind: 'format',
    keywords: ['validationKey="', 'decryptionKey="'],
    regex: /(?:validationKey|decryptionKey)="([0-9A-Fa-f]{48,128})"/y,
    examples: {
      true: [`<machineKey validationKey="${hex(128).toUpperCase()}"`],
      false: ['<machineKey validationKey="AutoGenerate"'],
    },
  },
  {
    id: 'ansible-vault-password',
    title: 'password of an encrypted store',
    severity: 'high',
    kind: 'context',
    keywords: ['vault_password', 'borg_passphrase', 'restic_password', 'sops_age_key', 'gpg_passphrase'],
    regex: new RegExp(
      `(?:vault_password|borg_passphrase|restic_password|sops_age_key|gpg_passphrase)${ASSIGN}([^\\s"'\`<>\${}()/]{6,128})`,
      'iy',
    ),
    judge: chosen,
    examples: {
      true: [`export RESTIC_PASSWORD=${sample(20)}`],
      false: ['RESTIC_PASSWORD=$PW', 'restic_password_file: /etc/restic'],
    },
  },
];
