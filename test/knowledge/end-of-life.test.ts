import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { END_OF_LIFE, END_OF_LIFE_SOURCES, releaseOf } from '../../src/knowledge/end-of-life.ts';

const DAY_MS = 86_400_000;
const FOLDER = '/usr/share/distro-info';

/** Rows of Debian's distro-info-data by version, with the columns that its first line names. */
function rowsOf(name: string): Map<string, Record<string, string>> {
  const [heading = '', ...lines] = readFileSync(`${FOLDER}/${name}.csv`, 'utf8').trim().split('\n');
  const columns = heading.split(',');
  return new Map(
    lines.map((line) => {
      const cells = line.split(',');
      const row = Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
      return [(row.version ?? '').replace(' LTS', ''), row];
    }),
  );
}

describe('the ends of life', () => {
  it('have a source for every distribution, and dates that are dates', () => {
    expect(Object.keys(END_OF_LIFE).sort()).toEqual(Object.keys(END_OF_LIFE_SOURCES).sort());
    for (const releases of Object.values(END_OF_LIFE)) {
      for (const { until, extended } of Object.values(releases)) {
        for (const date of [until, extended?.until ?? until])
          expect(new Date(date).toISOString()).toMatch(new RegExp(`^${date}`));
        if (extended) expect(extended.until > until).toBe(true);
      }
    }
  });

  it.each([
    ['debian', '12'],
    ['ubuntu', '26.04'],
    ['rhel', '10.1'],
    ['almalinux', '8.10'],
    ['amzn', '2023'],
    ['alpine', '3.22.1'],
  ])('knows %s %s', (id, version) => {
    expect(releaseOf(id, version)).toBeDefined();
  });

  // A machine may have an older edition of the package, whose announcements have moved since: half a year is granted.
  it.runIf(existsSync(`${FOLDER}/debian.csv`)).each([
    ['debian', 'eol-lts', 'eol-elts'],
    ['ubuntu', 'eol', 'eol-esm'],
  ])('agree with distro-info-data for %s', (id, free, paid) => {
    const rows = rowsOf(id);
    const apart = Object.entries(END_OF_LIFE[id] ?? {}).flatMap(([version, release]) => {
      const row = rows.get(version);
      if (!row) return []; // released after the package
      const days = (a: string, b: string | undefined) => (b ? Math.abs(Date.parse(a) - Date.parse(b)) / DAY_MS : 0);
      const off = [
        days(release.until, row[free] || row.eol),
        release.extended ? days(release.extended.until, row[paid]) : 0,
      ];
      return off.some((one) => one > 183) ? [{ version, release, row }] : [];
    });
    expect(apart).toEqual([]);
    expect(rows.size).toBeGreaterThan(15);
  });
});
