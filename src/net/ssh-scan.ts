import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { SshdFacts } from '../core/facts/sshd.ts';
import { loginFailure } from './ssh-failure.ts';
import { HOST_KEY_TYPES, handshake, nothingSeen, type Seen } from './ssh-handshake.ts';
import { ask, type GroupRequest, type KexAnswer } from './ssh-kex/ask.ts';
import { KEX_METHODS, type KexMethod } from './ssh-kex/methods.ts';
import { describeAuthority, describeKey } from './ssh-key.ts';
import type { Expectation } from './ssh-known-hosts.ts';
import type { ServerHello } from './sshwire.ts';

export interface ScanOptions {
  host: string;
  port: number;
  signal: AbortSignal;
  /** For each connection, and again for what is asked on it, ms. */
  timeoutMs: number;
  expectation: Expectation;
  onConnection: () => void;
  log: (line: string) => void;
}

/** A server as it shows itself to everybody, with the verdict on every key that it proved to own. */
export interface SshScan {
  sshd: SshdFacts;
  verdicts: ReturnType<Expectation['judge']>[];
}

/**
 * In whose name the ways of logging in are asked for: an account that every Unix has and that has no password, so that the
 * request can never become a log-in, and is no name that a log would call unknown.
 */
const ASK_AS = 'nobody';
/** Connections at once: sshd starts to refuse at ten that have not logged in (MaxStartups), and others use it too. */
const AT_ONCE = 3;
const MOST_TYPES = 12;

/** Takes any size, and prefers a small one: what comes is the smallest that this server ever gives to such a client. */
const SMALLEST: GroupRequest = { min: 1024, preferred: 1024, max: 8192 };
/** Takes nothing that is safe; a good server refuses. */
const ONLY_WEAK: GroupRequest = { min: 512, preferred: 1024, max: 1536 };
const GEX = ['diffie-hellman-group-exchange-sha256', 'diffie-hellman-group-exchange-sha1'];

interface Asked {
  /** Type of the key that is asked for; `null` where only the group counts. */
  type: string | null;
  algorithms: readonly string[];
  group: GroupRequest | null;
}

/**
 * Everything that a server tells without a log-in, on as few connections as there are host keys, and one more where groups
 * can be asked for. The first connection also asks for the ways of logging in. Throws `AbsentError` where nobody answers.
 */
export async function scanSsh(options: ScanOptions): Promise<SshScan> {
  const seen = nothingSeen();
  options.onConnection();
  let heard: (hello: ServerHello) => void = () => {};
  const greeting = new Promise<ServerHello>((resolve) => {
    heard = resolve;
  });
  const first = handshake(
    { ...options, hostKeyTypes: [...HOST_KEY_TYPES, 'ssh-dss'], obsolete: true, askMethodsAs: ASK_AS, onHello: heard },
    seen,
  );
  const hello = await Promise.race([
    greeting,
    first.then(({ failure }) => seen.hello ?? noGreeting(options, seen, failure)),
  ]);

  // The first connection shows the key that comes first in our own order; the rest is asked for beside it.
  const types = keyTypes(hello);
  const firstType = HOST_KEY_TYPES.find((type) => types.has(type)) ?? null;
  const plan = planOf(hello, types, firstType);
  const answers = await inTurns(plan, AT_ONCE - 1, (one) => askOnce(options, hello, one));
  const { client, failure } = await first;
  client?.dispose();
  options.signal.throwIfAborted();

  const results = plan.map((one, index) => ({ ...one, answer: answers[index] ?? null }));
  // A limit on connections from one place refuses some; each gets one more chance, alone.
  for (const result of results) result.answer ??= await askOnce(options, hello, result);
  const smallest = results.find(({ group }) => group)?.answer?.groupBits;
  // 2048 for such a wish is what a server gives that goes no lower; anything else may have been chosen by the upper limit.
  if (results.some(({ group }) => group) && smallest !== 2048 && (smallest ?? 0) !== 1024) {
    const weak: Asked = { type: null, algorithms: hello.hostKeyAlgorithms, group: ONLY_WEAK };
    results.push({ ...weak, answer: await askOnce(options, hello, weak) });
  }
  if (!seen.hostKey && firstType !== null) {
    const again: Asked = { type: firstType, algorithms: types.get(firstType) ?? [], group: null };
    results.unshift({ ...again, answer: await askOnce(options, hello, again) });
  }
  const keys = results.flatMap(({ type, answer }) => keyOf(type, answer, options));
  const own = seen.hostKey;
  const shown = own ? [{ facts: { ...bare(own), proven: provenBy(seen, failure) }, verdict: own }] : [];
  const all = [...shown, ...keys].filter(({ facts }) => facts.proven !== false);
  return {
    sshd: {
      ...hello,
      ...methodsOf(client !== null, seen, failure, options),
      hostKeys: all.map(({ facts }) => facts),
      ...(results.some(({ group }) => group) ? { groups: results.flatMap((one) => groupOf(one, hello)) } : {}),
    },
    verdicts: all.flatMap(({ facts, verdict }) => (facts.proven === true ? [verdict] : [])),
  };
}

/** Results in the order of `items`, at most `width` of them under way at once. */
async function inTurns<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

function noGreeting(options: ScanOptions, seen: Seen, failure: unknown): never {
  const absence = loginFailure({ ...options, user: ASK_AS, source: 'nothing' }, seen, failure);
  throw new AbsentError(seen.problem === null ? absence.kind : 'not-applicable', absence.reason, failure);
}

/** Types of host key that a server offers, each with the algorithms that show it (RFC 8332: RSA has three). */
function keyTypes(hello: ServerHello): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const name of hello.hostKeyAlgorithms) {
    const type = name.replace(/^rsa-sha2-(?:256|512)(?=-cert-|$)/, 'ssh-rsa');
    const same = types.get(type);
    if (same) same.push(name);
    else if (types.size < MOST_TYPES) types.set(type, [name]);
  }
  return types;
}

function planOf(hello: ServerHello, types: Map<string, string[]>, firstType: string | null): Asked[] {
  const keys: Asked[] = [...types]
    .filter(([type]) => type !== firstType)
    .map(([type, algorithms]) => ({ type, algorithms, group: null }));
  if (!GEX.some((name) => hello.kex.includes(name))) return keys;
  const any: Asked = { type: null, algorithms: hello.hostKeyAlgorithms, group: null };
  const [one = any, ...more] = keys;
  return [{ ...one, group: SMALLEST }, ...more];
}

/** `null` where the server did not get as far as an answer. */
async function askOnce(options: ScanOptions, hello: ServerHello, one: Asked): Promise<KexAnswer | null> {
  const method = methodFor(hello, one.group !== null);
  if (!method) return { groupBits: null, hostKey: null, proven: null, refused: 'no key exchange in common' };
  options.onConnection();
  try {
    return await ask({
      ...options,
      offered: hello,
      method,
      hostKeyAlgorithms: one.algorithms,
      ...(method.gex ? { group: one.group ?? SMALLEST } : {}),
      groupOnly: one.type === null,
    });
  } catch (thrown) {
    if (options.signal.aborted) throw options.signal.reason;
    options.log(`no answer about ${one.type ?? 'groups'}: ${reasonOf(thrown)}`);
    return null;
  }
}

function methodFor(hello: ServerHello, gex: boolean): KexMethod | undefined {
  return KEX_METHODS.find((method) => hello.kex.includes(method.name) && (!gex || method.gex));
}

function bare({ type, bits, fingerprint }: SshdFacts['hostKeys'][number]) {
  return { type, bits, fingerprint };
}

/** Our own handshake ends well, or at the refusal of `none`, only after the signature was right. */
function provenBy(seen: Seen, failure: unknown): boolean | null {
  return failure === null || seen.agreed !== null ? true : null;
}

function keyOf(type: string | null, answer: KexAnswer | null, options: ScanOptions) {
  if (type === null) return [];
  if (!answer?.hostKey) {
    options.log(`no ${type} host key: ${answer?.refused || 'no answer'}`);
    return [];
  }
  if (answer.proven === false) options.log(`the ${type} host key was shown with a wrong signature`);
  const authority = describeAuthority(answer.hostKey);
  const facts = { ...describeKey(answer.hostKey), proven: answer.proven, ...(authority ? { authority } : {}) };
  return [{ facts, verdict: options.expectation.judge(answer.hostKey) }];
}

function groupOf({ group, answer }: Asked & { answer: KexAnswer | null }, hello: ServerHello) {
  const algorithm = methodFor(hello, true)?.name;
  return group && answer && algorithm ? [{ algorithm, ...group, bits: answer.groupBits }] : [];
}

function methodsOf(
  letIn: boolean,
  seen: Seen,
  failure: unknown,
  options: ScanOptions,
): Pick<SshdFacts, 'authMethods' | 'authMethodsHidden'> {
  if (letIn) return { authMethods: ['none'] };
  if (seen.authMethods.length > 0) return { authMethods: seen.authMethods };
  const { reason } = loginFailure({ ...options, user: ASK_AS, source: 'nothing' }, { ...seen, hostKey: null }, failure);
  return { authMethods: [], authMethodsHidden: reason };
}
