import { entropy, rarity } from './rarity.ts';
import type { Judgement } from './rule.ts';

/** Code, references, masks and names: what stands where a secret could stand and is none. */
const NOT_A_VALUE =
  /^(?:\$|\{\{|<|%|@|#\{|\[|\*{2,}|\.\.?\/|\/|https?:|arn:|file:|process\.|os\.|env\.|config\.|self\.|this\.|settings\.|secrets?\.|vars?\.|data\.|null$|none$|nil$|true$|false$|undefined$)|^[\w.$>-]{0,80}\(|\{\d+,|\[\^|\[\w-\w|[),;]|^[a-z]{1,20}(?:[.:][a-zA-Z_]{1,40}){1,8}$/i;
/** Types, widgets and algorithms that stand beside the word `password` in schemas and configurations. */
const WORDS_OF_SCHEMAS =
  /^(?:string|str|text|varchar|char|password|passwd|secret|hidden|required|optional|input|field|type|bcrypt|scrypt|argon2(?:id?|d)?|sha-?\d{1,3}|md5|scram-sha-\d{1,3}|pbkdf2|plain|base64(?:url)?|utf-?8|hex|latin1|ascii|binary|current-password|new-password|disabled?|enabled?|prompt|ask)$/i;
/** One word, words joined in any usual manner, or a short number. */
const NAME =
  /^[:_.-]{0,3}(?:[a-z]+|[A-Z]+|[A-Z][a-z]+|[a-z]+(?:[A-Z][a-z]+)+|(?:[A-Z][a-z]+){2,}|[a-zA-Z]+(?:[-_. :/][a-zA-Z]+)+:?|\d{1,5})$/;

/** Moments and versions, which stand beside `lastPasswordChange` and beside packages with such names; addresses; rulers. */
const OTHER_THINGS =
  /^(?:\d{4}-\d\d-\d\dT[\d:.]{5,15}(?:Z|[+-]\d\d:?\d\d)?|[~^<>=v]{0,3}\d{1,5}\.\d{1,5}\.\d{1,5}(?:-[\w.]{1,30})?|[\w.+-]{1,60}@[\w-]{1,60}\.[a-z]{2,10}|([^A-Za-z0-9])\1{5,})$/i;
/** A constant of several words, and paths with wildcards or indices. */
const CONSTANT = /^[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){2,10}$/;
const PATTERN = /^(?:\*|[a-z_]\w{0,40}(?:\[\w{0,5}\])?)(?:\.(?:\*|[a-z_]\w{0,40}(?:\[\w{0,5}\])?)){1,10}$/i;
/** Joined words with abbreviations among them (`LDAPForgotPasswordDenied`, `invalidLinkURL`). */
const JOINED = /^[a-z]{0,20}(?:[A-Z]{1,5}[a-z]{1,20}){1,12}[A-Z]{0,5}[,;.]?$/;

/** Whether a value is the name of something by its form; of joined words only where its pairs of letters are those of words. */
function isNamed(secret: string): boolean {
  if (NAME.test(secret) || OTHER_THINGS.test(secret) || CONSTANT.test(secret)) return true;
  if (/[*[]/.test(secret) && PATTERN.test(secret)) return true;
  return secret.length >= 10 && JOINED.test(secret) && rarity(secret) < 0.4;
}

/** Whether a value is code, a reference or a mask rather than a value. */
export function isReference(secret: string): boolean {
  return NOT_A_VALUE.test(secret);
}

/** A value that a machine made: long enough, of several kinds of characters, and not made of words. */
export function machineMade(secret: string): Judgement {
  if (isReference(secret) || !/\d/.test(secret) || !/[a-z]/i.test(secret)) return 'no';
  if (/^[\w-]{0,40}(?:key|token|secret|id|name|path|url|file)$/i.test(secret)) return 'no';
  const hex = /^[0-9a-f]+$/i.test(secret);
  if (entropy(secret) < (hex ? 2.8 : 3.2)) return 'no';
  return rarity(secret) >= (hex ? 0.4 : 0.45) ? 'secret' : 'no';
}

/** A password that a person chose; short and like words, so that only its place tells it. */
export function chosen(secret: string): Judgement {
  return isReference(secret) || WORDS_OF_SCHEMAS.test(secret) || isNamed(secret) ? 'no' : 'secret';
}
