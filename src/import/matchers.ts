/**
 * One of Alertmanager's matchers, `a="b"`, `a=~"b|c.*"`, as accepted values of ours. `undefined` for what those cannot
 * say: the negative ones, and expressions that are more than alternatives of words and beginnings.
 */
export function readMatcher(text: string): { label: string; values: string[] } | undefined {
  const [, label, operator, quoted] = /^\s*"?([A-Za-z_][\w.]*)"?\s*(=~|!~|!=|=)\s*(.*?)\s*$/.exec(text) ?? [];
  if (label === undefined || quoted === undefined) return undefined;
  const value = quoted.replace(/^"(.*)"$/s, '$1').replace(/\\(["\\])/g, '$1');
  if (operator === '=') return value === '' ? undefined : { label, values: [value] };
  if (operator !== '=~') return undefined;
  const values = valuesOf(value);
  return values && { label, values };
}

/** `a|b|c.*` as `a`, `b`, `c*`. */
export function valuesOf(expression: string): string[] | undefined {
  const inner = /^\^?\(?(?:\?:)?(.*?)\)?\$?$/s.exec(expression)?.[1] ?? '';
  const values: string[] = [];
  for (const part of inner.split('|')) {
    const found = /^([\w\-/: @]|\\[.\-/])*(\.\*|\.\+)?$/.test(part) && part !== '' ? part : undefined;
    if (found === undefined) return undefined;
    values.push(found.replace(/\.[*+]$/, '*').replace(/\\(.)/g, '$1'));
  }
  return values;
}
