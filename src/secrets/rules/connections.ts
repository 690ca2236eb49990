import { chosen } from '../judge.ts';
import { ASSIGN, type Rule } from '../rule.ts';
import { sample } from '../sample.ts';

const password = sample(14);
/** Stands where a value will be put in: `${X}`, `{{ x }}`, `<x>`, `%s`, `$X`, `:x`, `***`. */
const REFERENCE = /^(?:\$|\{|<|%[a-z({]|\*{2,}|\.{3}|x{3,}$|\[|@|#\{)/i;
const given = (secret: string) => (REFERENCE.test(secret) || secret.length < 3 ? 'no' : 'secret');

/** `scheme://user:password@host`: RFC 3986 3.2.1 deprecates it for the very reason that it leaks. */
function urlRule(
  id: string,
  title: string,
  severity: Rule['severity'],
  schemes: readonly [string, ...string[]],
  kind: Rule['kind'],
): Rule {
  const [first] = schemes;
  return {
    id,
    title,
    severity,
    kind,
    keywords: schemes.map((scheme) => `${scheme}://`),
    regex: new RegExp(
      `(?<![A-Za-z0-9])(?:${schemes.map((one) => one.replaceAll('+', '\\+')).join('|')})://[^\\s:/?#@"'\`<>\\\\]{0,100}:([^\\s/?#@"'\`<>\\\\]{3,200})@[\\w.[$<{%-]`,
      'iy',
    ),
    judge: given,
    examples: {
      true: [`DATABASE_URL=${first}://shop:${password}@db.internal:5432/shop`, `"${first}://:${password}@10.0.0.5/0"`],
      false: [`${first}://db.internal:5432/shop`, `${first}://shop:\${PASSWORD}@db/shop`, `${first}://user@host/x`],
    },
  };
}

export const CONNECTIONS: readonly Rule[] = [
  urlRule(
    'postgres-url',
    'PostgreSQL password in a URL',
    'critical',
    ['postgres', 'postgresql', 'postgresql+psycopg2', 'postgresql+asyncpg', 'postgis', 'cockroachdb'],
    'format',
  ),
  urlRule(
    'mysql-url',
    'MySQL password in a URL',
    'critical',
    ['mysql', 'mysql2', 'mariadb', 'mysql+pymysql', 'mysqlx'],
    'format',
  ),
  urlRule('mongodb-url', 'MongoDB password in a URL', 'critical', ['mongodb', 'mongodb+srv'], 'format'),
  urlRule('redis-url', 'Redis password in a URL', 'critical', ['redis', 'rediss', 'valkey'], 'format'),
  urlRule('amqp-url', 'RabbitMQ password in a URL', 'critical', ['amqp', 'amqps'], 'format'),
  urlRule(
    'sqlserver-url',
    'database password in a URL',
    'critical',
    ['sqlserver', 'mssql', 'clickhouse', 'oracle', 'nats', 'ldap', 'ldaps', 'neo4j', 'bolt'],
    'format',
  ),
  urlRule('mail-url', 'mail password in a URL', 'critical', ['smtp', 'smtps', 'imap', 'imaps'], 'format'),
  urlRule(
    'url-password',
    'password in a URL',
    'high',
    ['https', 'http', 'ftp', 'sftp', 'ssh', 'git+https', 'socks5', 'rtsp'],
    'context',
  ),
  {
    id: 'jdbc-password',
    title: 'password in a JDBC URL',
    severity: 'critical',
    kind: 'format',
    keywords: ['jdbc:'],
    regex: /jdbc:[a-z0-9:]{3,30}[^\s"'`<>]{1,200}?[?&;]password=([^\s"'`<>&;$\\]{3,100})/iy,
    judge: given,
    examples: {
      true: [
        `jdbc:postgresql://db:5432/shop?user=shop&password=${password}`,
        `jdbc:sqlserver://db;user=sa;password=${password}`,
      ],
      false: ['jdbc:postgresql://db:5432/shop', 'jdbc:postgresql://db/shop?password=${PW}'],
    },
  },
  {
    id: 'ado-password',
    title: 'password in a connection string',
    severity: 'critical',
    kind: 'context',
    keywords: ['Server=', 'Data Source=', 'Host=', 'User ID=', 'Uid='],
    regex:
      /(?:Server|Data Source|Host|User ID|Uid)=[^\r\n"'`<>]{1,200}?;[ ]{0,2}(?:Password|Pwd)=([^\s;"'`<>]{3,100})/iy,
    judge: given,
    examples: {
      true: [`"Server=db;Database=shop;User Id=sa;Password=${password};"`],
      false: ['"Server=db;Database=shop;Integrated Security=true;"', 'Server=db;Password={0};'],
    },
  },
  {
    id: 'pgpass',
    title: 'line of a .pgpass file',
    severity: 'critical',
    kind: 'context',
    keywords: [':5432:'],
    regex: /(?<=^[\w.*-]{1,80}):5432:[\w*-]{1,60}:[\w*-]{1,60}:([^\s:]{3,100})$/my,
    judge: given,
    examples: { true: [`db.internal:5432:shop:shop:${password}`], false: ['ports: 5432:5432', 'db:5432:shop'] },
  },
  {
    id: 'netrc',
    title: 'password in a .netrc file',
    severity: 'critical',
    kind: 'context',
    keywords: ['machine '],
    regex: /machine [\w.-]{2,100}\s{1,8}login \S{1,100}\s{1,8}password (\S{3,200})/iy,
    judge: given,
    examples: { true: [`machine api.example login ci password ${password}`], false: ['machine learning login page'] },
  },
  {
    id: 'basic-auth-header',
    title: 'HTTP basic authentication',
    severity: 'high',
    kind: 'context',
    keywords: ['authorization'],
    regex:
      /authorization["'`]?[ \t]{0,8}[:=,][ \t]{0,8}["'`]?basic[ \t]{1,4}([A-Za-z0-9+/]{8,200}={0,2})(?![A-Za-z0-9+/])/iy,
    judge: (secret) =>
      /^[\x21-\x7e]{1,100}:[\x20-\x7e]{3,}$/.test(Buffer.from(secret, 'base64').toString('latin1')) ? 'secret' : 'no',
    examples: {
      true: [`-H "Authorization: Basic ${Buffer.from(`shop:${password}`).toString('base64')}"`],
      false: ['Authorization: Basic realm=x', 'Authorization: Basic ${token}', 'Authorization: Basic authentication'],
    },
  },
  {
    id: 'bearer-header',
    title: 'bearer token',
    severity: 'high',
    kind: 'generic',
    keywords: ['authorization'],
    regex:
      /authorization["'`]?[ \t]{0,8}[:=,][ \t]{0,8}["'`]?(?:bearer|token)[ \t]{1,4}([\w.~+/-]{20,1000}={0,2})(?![\w.~+/-])/iy,
    judge: (secret) => (/\d/.test(secret) && /[a-z]/i.test(secret) ? 'secret' : 'no'),
    examples: {
      true: [`curl -H "Authorization: Bearer ${sample(40)}"`],
      false: ['Authorization: Bearer $TOKEN', 'Authorization: Bearer <token>'],
    },
  },
  {
    id: 'curl-user',
    title: 'password on a curl command line',
    severity: 'high',
    kind: 'context',
    keywords: ['curl '],
    regex: /curl [^\r\n"'`|;]{0,120}?(?:-u|--user)[ =]{0,2}["']?[\w.@-]{1,60}:([^\s"'`:$<{]{4,100})/iy,
    judge: given,
    examples: {
      true: [`curl -s -u ci:${password} https://example.com`],
      false: ['curl -u ci:$PASSWORD https://x', 'curl -u ci https://x'],
    },
  },
  {
    id: 'command-line-password',
    title: 'password on a command line',
    severity: 'high',
    kind: 'generic',
    keywords: ['mysql ', 'mysqldump ', 'sshpass '],
    regex:
      /(?:mysql|mysqldump|sshpass) [^\r\n"'`|;]{0,120}?(?:--password=|(?<=[ \t])-p ?)["']?([^\s"'`$<{-][^\s"'`$<{]{4,60})/iy,
    judge: (secret) => (/\d/.test(secret) && /[a-z]/i.test(secret) && !secret.includes('/') ? 'secret' : 'no'),
    examples: {
      true: [`mysql -u shop -p${password}9 shop`, `sshpass -p ${password}7 ssh x`],
      false: ['mysql -u shop -p shop', 'mysql --password=$PW', 'mysql 8 or aurora-postgresql14 families'],
    },
  },
  {
    id: 'snowflake-password',
    title: 'Snowflake password',
    severity: 'critical',
    kind: 'context',
    keywords: ['snowflake'],
    regex: new RegExp(`snowflake[\\w.-]{0,20}password${ASSIGN}([^\\s"'\`<>\${]{6,100})`, 'iy'),
    judge: chosen,
    examples: { true: [`SNOWFLAKE_PASSWORD=${password}`], false: ['SNOWFLAKE_PASSWORD=${PW}'] },
  },
];
