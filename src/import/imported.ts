/** What another product's file says, in the words of ours; `notes` is what could not be carried over, a line each. */
export interface Imported {
  targets: Record<string, unknown>[];
  alerting: {
    channels?: Record<string, Record<string, unknown>>;
    people?: Record<string, unknown>;
    schedules?: Record<string, unknown>;
    escalations?: Record<string, unknown>;
    routes?: Record<string, unknown>[];
    inhibit?: Record<string, unknown>[];
    maintenance?: Record<string, unknown>[];
  };
  notes: string[];
}

export function nothingYet(): Imported {
  return { targets: [], alerting: {}, notes: [] };
}

/** Turns names into ids of ours, each given out once. */
export function idMaker(): (name: string) => string {
  const used = new Set<string>();
  return (name) => {
    const base =
      name
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/g, '')
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
        .slice(0, 90) || 'unnamed';
    let id = base;
    for (let n = 2; used.has(id); n += 1) id = `${base}-${n}`;
    used.add(id);
    return id;
  };
}

/** A reference to an environment variable in place of a secret, and the note that says so. */
export function secretFor(what: string, notes: string[]): string {
  const name = what
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
    .replace(/^_+|_+$/g, '');
  notes.push(`secret: put the ${what} into the environment variable ${name}`);
  return `\${env:${name}}`;
}

/** Seconds as a duration of ours: `90s`, `5m`, `2h`, `1d`. */
export function seconds(count: number): string {
  for (const [size, unit] of [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'm'],
  ] as const) {
    if (count >= size && count % size === 0) return `${count / size}${unit}`;
  }
  return `${Math.max(0, Math.round(count * 1_000)) % 1_000 === 0 ? `${Math.round(count)}s` : `${Math.round(count * 1_000)}ms`}`;
}
