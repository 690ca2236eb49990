import { EXPOSED_PAGES } from './exposed-pages.ts';

/** A kind of file that must not be served, how to prove by its content that it is the real one, and what it costs. */
export interface ExposedFileRule {
  id: string;
  /** "environment file with settings and secrets": completes "serves an ...". */
  what: string;
  severity: 'critical' | 'high' | 'medium' | 'low' | 'info';
  /** `{host}` stands for the host's name. Relative to the root; those marked `nested` also below the target's own path. */
  paths: readonly string[];
  nested?: boolean;
  /** Must match the first bytes, read as latin1. */
  signature: RegExp;
  /**
   * What may be shown as proof: `line` the matching line (it holds no secret), `names` only the names before `=` or `:`,
   * `kind` nothing of the content.
   */
  proof: 'line' | 'names' | 'kind';
  /** Whether the real file may begin with markup; everything else that does is an error page. */
  markup?: boolean;
}

const ARCHIVE =
  /^(?:PK\x03\x04|\x1f\x8b\x08|BZh[1-9]1AY&SY|\xfd7zXZ\x00|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07)|^.{257}ustar/s;
const SQL =
  /^(?:SQLite format 3\x00|PGDMP)|^-- (?:MySQL|MariaDB|PostgreSQL database|phpMyAdmin SQL) [Dd]ump|^-- (?:PostgreSQL database cluster dump|Dump completed)|^(?:CREATE TABLE|INSERT INTO) [`"\w]/m;

/** Signatures are the formats' own first bytes or fixed lines; paths are what tools and people leave behind. */
export const EXPOSED_FILES: readonly ExposedFileRule[] = [
  {
    id: 'dotenv',
    what: 'an environment file with settings and secrets',
    severity: 'critical',
    paths: [
      '/.env',
      '/.env.local',
      '/.env.production',
      '/.env.bak',
      '/.env.backup',
      '/.env.old',
      '/.env.save',
      '/api/.env',
    ],
    nested: true,
    signature: /^[ \t]*(?:export )?[A-Za-z_][A-Za-z0-9_.]{1,80}=/m,
    proof: 'names',
  },
  {
    id: 'git',
    what: 'a git repository, from which all source can be rebuilt',
    severity: 'critical',
    paths: ['/.git/HEAD'],
    nested: true,
    signature: /^(?:ref: refs\/heads\/\S+|[0-9a-f]{40})\s*$/,
    proof: 'line',
  },
  {
    id: 'git-config',
    what: 'a git configuration',
    severity: 'critical',
    paths: ['/.git/config'],
    nested: true,
    signature: /^[ \t]*\[(?:core|remote|branch|user)[ \]"]/m,
    proof: 'line',
  },
  {
    id: 'git-credentials',
    what: 'stored git passwords',
    severity: 'critical',
    paths: ['/.git-credentials'],
    signature: /^https?:\/\/[^:\s/]+:[^@\s]+@/m,
    proof: 'kind',
  },
  {
    id: 'svn',
    what: 'a Subversion working copy',
    severity: 'critical',
    paths: ['/.svn/wc.db'],
    signature: /^SQLite format 3\x00/,
    proof: 'kind',
  },
  {
    id: 'mercurial',
    what: 'a Mercurial repository',
    severity: 'critical',
    paths: ['/.hg/requires'],
    signature: /^(?:revlogv\d|store|dotencode|generaldelta|share-safe)\r?$/m,
    proof: 'line',
  },
  {
    id: 'ds-store',
    what: 'a macOS folder listing',
    severity: 'medium',
    paths: ['/.DS_Store'],
    signature: /^\x00\x00\x00\x01Bud1/,
    proof: 'kind',
  },
  {
    id: 'archive',
    what: 'an archive, most likely a backup of the site',
    severity: 'critical',
    paths: [
      '/backup.zip',
      '/backup.tar.gz',
      '/backup.tgz',
      '/www.zip',
      '/site.zip',
      '/html.tar.gz',
      '/{host}.zip',
      '/{host}.tar.gz',
    ],
    signature: ARCHIVE,
    proof: 'kind',
  },
  {
    id: 'dump',
    what: 'a database dump',
    severity: 'critical',
    paths: [
      '/backup.sql',
      '/dump.sql',
      '/db.sql',
      '/database.sql',
      '/data.sql',
      '/backup.sql.gz',
      '/dump.sql.gz',
      '/db.sqlite3',
      '/database.sqlite',
    ],
    signature: new RegExp(`${SQL.source}|^\\x1f\\x8b\\x08|^PK\\x03\\x04`, 'm'),
    proof: 'kind',
  },
  {
    id: 'editor-copy',
    what: "an editor's or a person's copy of source code",
    severity: 'critical',
    paths: [
      '/index.php~',
      '/index.php.bak',
      '/wp-config.php~',
      '/wp-config.php.bak',
      '/wp-config.php.old',
      '/config.php.bak',
      '/.index.php.swp',
      '/.wp-config.php.swp',
    ],
    signature: /^\s*<\?(?:php|=)|^b0VIM \d/,
    proof: 'kind',
    markup: true,
  },
  {
    id: 'source',
    what: 'source code instead of running it',
    severity: 'critical',
    paths: ['/index.php', '/wp-config.php'],
    signature: /^\s*<\?php\s/,
    proof: 'kind',
    markup: true,
  },
  {
    id: 'private-key',
    what: 'a private key',
    severity: 'critical',
    paths: ['/id_rsa', '/.ssh/id_rsa', '/.ssh/id_ed25519', '/server.key', '/privkey.pem'],
    signature: /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/m,
    proof: 'kind',
  },
  {
    id: 'aws-credentials',
    what: 'AWS credentials',
    severity: 'critical',
    paths: ['/.aws/credentials'],
    signature: /^[ \t]*aws_(?:access_key_id|secret_access_key)\s*=/im,
    proof: 'kind',
  },
  {
    id: 'npmrc',
    what: 'an npm configuration with a token',
    severity: 'critical',
    paths: ['/.npmrc'],
    signature: /(?:_authToken|_auth|_password)\s*=/,
    proof: 'kind',
  },
  {
    id: 'docker-config',
    what: 'registry log-ins of Docker',
    severity: 'critical',
    paths: ['/.docker/config.json', '/.dockercfg'],
    signature: /"auths?"\s*:/,
    proof: 'kind',
  },
  {
    id: 'htpasswd',
    what: 'password hashes',
    severity: 'critical',
    paths: ['/.htpasswd'],
    signature: /^[^:\s<]{1,64}:(?:\$(?:apr1|2[aby]|5|6|y)\$|\{SHA\}|[./0-9A-Za-z]{13}\r?$)/m,
    proof: 'kind',
  },
  {
    id: 'database-config',
    what: 'database settings',
    severity: 'critical',
    paths: ['/config/database.yml'],
    signature: /^[ \t]+adapter:[ \t]*\S+/m,
    proof: 'names',
  },
  {
    id: 'appsettings',
    what: 'settings of a .NET application',
    severity: 'critical',
    paths: ['/appsettings.json', '/appsettings.Production.json'],
    signature: /"ConnectionStrings"\s*:/,
    proof: 'kind',
  },
  {
    id: 'deployment-settings',
    what: "an editor's upload settings",
    severity: 'critical',
    paths: ['/.vscode/sftp.json', '/sftp-config.json'],
    signature: /"(?:host|password|privateKeyPath)"\s*:/,
    proof: 'kind',
  },
  {
    id: 'compose',
    what: 'a description of containers',
    severity: 'high',
    paths: ['/docker-compose.yml'],
    signature: /^services:[ \t]*\r?$/m,
    proof: 'line',
  },
  {
    id: 'web-inf',
    what: 'the inside of a Java application',
    severity: 'high',
    paths: ['/WEB-INF/web.xml'],
    signature: /<web-app[\s>]/,
    proof: 'kind',
    markup: true,
  },
  {
    id: 'ide',
    what: "an editor's project files",
    severity: 'medium',
    paths: ['/.idea/workspace.xml'],
    signature: /<project version="\d/,
    proof: 'kind',
    markup: true,
  },
  {
    id: 'bazaar',
    what: 'a Bazaar repository',
    severity: 'critical',
    paths: ['/.bzr/branch-format'],
    signature: /^Bazaar-NG meta directory/,
    proof: 'line',
  },
  {
    id: 'svn-old',
    what: 'a Subversion working copy',
    severity: 'critical',
    paths: ['/.svn/entries'],
    signature: /^(?:8|9|10)\r?\n\r?\n?dir\r?\n/,
    proof: 'kind',
  },
  {
    id: 'tfstate',
    what: 'the state of Terraform, which holds every secret it has made',
    severity: 'critical',
    paths: ['/terraform.tfstate'],
    signature: /^\s*\{[\s\S]{0,300}"terraform_version"\s*:/,
    proof: 'kind',
  },
  {
    id: 'service-account',
    what: 'a service account with its private key',
    severity: 'critical',
    paths: ['/credentials.json', '/service-account.json'],
    signature: /"private_key"\s*:\s*"-----BEGIN/,
    proof: 'kind',
  },
  {
    id: 'kubeconfig',
    what: 'the log-in of a Kubernetes cluster',
    severity: 'critical',
    paths: ['/.kube/config'],
    signature: /^(?:clusters|current-context|users):/m,
    proof: 'kind',
  },
  {
    id: 'shell-history',
    what: 'the history of a shell',
    severity: 'critical',
    paths: ['/.bash_history'],
    signature: /^(?:sudo |cd |ls\b|git |vim? |nano |cat |ssh |export |apt |systemctl |mysql )/m,
    proof: 'kind',
  },
  ...EXPOSED_PAGES,
];
