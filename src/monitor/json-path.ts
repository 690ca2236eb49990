/** What a path led to. `found: false` for a missing member, so that an assertion on it fails instead of passing by luck. */
export type Found = { found: true; value: unknown } | { found: false; reason: string };

const STEP = /\.([A-Za-z_$][\w$-]*)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** The names and indexes of a path of RFC 9535 that leads to one value (`$.db['state'][0]`); `undefined` for any other. */
export function parsePath(path: string): (string | number)[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  let at = 1;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match) return undefined;
    const [, name, index, single, double] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1'));
    at = STEP.lastIndex;
  }
  return steps;
}

export function follow(document: unknown, path: string): Found {
  const steps = parsePath(path);
  if (!steps) return { found: false, reason: `${path} is not a path to one value` };
  let value = document;
  for (const step of steps) {
    const holds =
      typeof step === 'number'
        ? Array.isArray(value) && step < value.length
        : typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, step);
    if (!holds) return { found: false, reason: `${path} is not there` };
    value = (value as Record<string | number, unknown>)[step];
  }
  return { found: true, value };
}
