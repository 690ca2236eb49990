/** Words that people put where a secret would stand. Whole words: a random key may hold `test` by chance. */
const WORDS =
  /(?:^|[^a-z0-9])(?:example|sample|dummy|fake|placeholder|changeme|change[-_ ]me|change[-_ ]this|replace[-_ ]?me|redacted|insert|your|my[-_]?(?:secret|password|token|key|pass)|todo|fixme|not[-_]?(?:a[-_])?(?:real|secret)|foo|bar|foobar|baz|qux|xxx+|test|testing|tests|mock|stub|secret|password|passw0rd|pass|pwd|token|default|none|null|nil|undefined|true|false|empty|unset|value|string|admin|root|user|username|guest|demo|hidden|masked|lorem|ipsum|s3cr3t|12345678?9?0?|abc123|qwerty|letmein|hunter2)(?:$|[^a-z0-9])/i;
const INSIDE = /example|changeme|placeholder|your[-_]|dummy|redacted|notreal|fakekey|insert[-_]|replace[-_]?with/i;

/** Whether a value stands in the place of a secret without being one: an example, a run of one letter, a counting row. */
export function isPlaceholder(secret: string): boolean {
  if (secret.length > 256) return false; // a run of zeros or a word comes up by chance in what is long
  if (INSIDE.test(secret)) return true;
  if (/^(?:some|my|the|a|test|new|old)?[-_]?(?:password|passwd|passwort|secret|pass)[-_]?\d{0,4}!?$/i.test(secret))
    return true;
  if (/^(?:\*+|x+|\.+|-+|_+|#+|0+|1+)$/i.test(secret)) return true;
  const body = secret.replace(/^[A-Za-z]{2,6}[-_]/, '');
  if (body.length >= 8 && new Set(body.toLowerCase()).size <= 3) return true;
  if (/0123456789|1234567890|abcdefghij|deadbeef|cafebabe|qwertyuiop|xxxxxx|aaaaaa|000000000/i.test(secret))
    return true;
  return secret.length <= 24 && WORDS.test(secret);
}
