const ALPHABETS = {
  base62: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  hex: '0123456789abcdef',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  digits: '0123456789',
} as const;

/**
 * Characters that look random and are the same every time: what the examples of rules are made of, so that no file of
 * ours holds anything that looks like a secret.
 */
export function sample(length: number, alphabet: keyof typeof ALPHABETS = 'base62', seed = 1): string {
  const letters = ALPHABETS[alphabet];
  let state = (seed * 2_654_435_761 + length) >>> 0;
  let text = '';
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += letters[(state >>> 16) % letters.length];
  }
  return text;
}

/** A UUID that nobody was given. */
export function sampleUuid(seed = 1): string {
  const hex = sample(32, 'hex', seed);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
