import { CATEGORIES } from '../core/category.ts';
import type { Check } from '../core/check.ts';
import { didYouMean } from '../core/suggest.ts';
import { checkOverrideProblems } from './check-overrides.ts';
import type { Finding } from './issues.ts';
import { valueAt } from './issues.ts';
import type { Path, Problem } from './problem.ts';
import type { Source } from './source.ts';

/**
 * What no single value can tell: ids that come twice and names that lead nowhere, over all files. It reads the data as
 * written, so that it still speaks when something else is wrong. A waiver for a target that is gone is only a warning.
 */
export function referenceProblems(sources: readonly Source[], checks: readonly Check[], withAlerting: boolean) {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const report = (source: Source, finding: Finding, list = problems) =>
    list.push({
      file: source.name,
      ...source.locate(finding.path, finding.on),
      path: finding.path,
      message: finding.message,
    });

  const known = (kind: string, places: readonly Place[]) => {
    const first = new Map<string, Place>();
    for (const place of places) {
      const before = first.get(place.id);
      if (!before) {
        first.set(place.id, place);
        continue;
      }
      const { line } = before.source.locate(before.path);
      const message = `${kind} "${place.id}" is already defined at ${before.source.name}:${line}`;
      report(place.source, { path: place.path, on: place.on, message });
    }
    return [...first.keys()];
  };
  const listed = (kind: string, ...path: string[]) => known(kind, inLists(sources, path));
  const named = (kind: string, ...path: string[]) => known(kind, inMaps(sources, path));
  const services = listed('the service', 'services');
  const targets = listed('the target', 'targets');

  for (const source of sources) {
    const refer = (kind: string, ids: readonly string[], path: Path, value = valueAt(source.data, path)) => {
      if (typeof value !== 'string' || ids.includes(value)) return;
      report(source, { path, on: 'value', message: `unknown ${kind} "${value}"${didYouMean(value, ids)}` });
    };
    const each = (path: Path) => keysOf(valueAt(source.data, path)).map((key): Path => [...path, key]);

    for (const finding of checkOverrideProblems(valueAt(source.data, ['checks']), checks, ['checks']))
      report(source, finding);
    for (const target of each(['targets'])) {
      refer('service', services, [...target, 'service']);
      const at = [...target, 'checks'];
      for (const finding of checkOverrideProblems(valueAt(source.data, at), checks, at)) report(source, finding);
    }
    for (const service of each(['services']))
      for (const path of each([...service, 'dependsOn'])) refer('service', services, path);
    for (const waiver of each(['waivers'])) {
      const target = valueAt(source.data, [...waiver, 'target']);
      if (typeof target === 'string' && !targets.includes(target)) {
        const message = `no target here has the id "${target}"${didYouMean(target, targets)}`;
        report(source, { path: [...waiver, 'target'], on: 'value', message }, warnings);
      }
      refer(
        'check',
        [...checks.map((check) => check.id), ...CATEGORIES.map((one) => `${one}.*`)],
        [...waiver, 'check'],
      );
    }
    for (const list of ['status', 'badges']) for (const path of each(['publish', list])) refer('target', targets, path);
  }
  if (!withAlerting) return { problems, warnings };

  const ids = {
    channel: named('the channel', 'alerting', 'channels'),
    person: named('the person', 'alerting', 'people'),
    schedule: named('the schedule', 'alerting', 'schedules'),
    escalation: named('the escalation', 'alerting', 'escalations'),
  };
  for (const source of sources) {
    const refer = (kind: keyof typeof ids, path: Path, value = valueAt(source.data, path)) => {
      if (typeof value !== 'string' || ids[kind].includes(value)) return;
      report(source, { path, on: 'value', message: `unknown ${kind} "${value}"${didYouMean(value, ids[kind])}` });
    };
    const each = (path: Path) => keysOf(valueAt(source.data, path)).map((key): Path => [...path, key]);
    for (const person of each(['alerting', 'people']))
      for (const path of each([...person, 'channels'])) refer('channel', path);
    for (const schedule of each(['alerting', 'schedules'])) {
      for (const layer of each([...schedule, 'layers']))
        for (const path of each([...layer, 'people'])) refer('person', path);
      for (const override of each([...schedule, 'overrides'])) refer('person', [...override, 'person']);
    }
    for (const escalation of each(['alerting', 'escalations'])) {
      for (const step of each([...escalation, 'steps'])) {
        for (const path of each([...step, 'notify'])) {
          const [kind, id] = String(valueAt(source.data, path)).split(/:(.*)/s);
          if (kind === 'schedule' || kind === 'person' || kind === 'channel') refer(kind, path, id);
        }
      }
    }
    for (const route of each(['alerting', 'routes'])) {
      refer('escalation', [...route, 'escalation']);
      refer('channel', [...route, 'channel']);
      const told = ['escalation', 'channel'].filter((key) => valueAt(source.data, [...route, key]) !== undefined);
      if (told.length !== 1) {
        report(source, { path: route, on: 'value', message: 'needs either an escalation or a channel, and not both' });
      }
    }
  }
  return { problems, warnings };
}

interface Place {
  id: string;
  source: Source;
  path: Path;
  on: 'key' | 'value';
}

function inLists(sources: readonly Source[], path: Path): Place[] {
  return sources.flatMap((source) =>
    keysOf(valueAt(source.data, path)).flatMap((key): Place[] => {
      const at = [...path, key, 'id'];
      const id = valueAt(source.data, at);
      return typeof id === 'string' ? [{ id, source, path: at, on: 'value' }] : [];
    }),
  );
}

function inMaps(sources: readonly Source[], path: Path): Place[] {
  return sources.flatMap((source) =>
    keysOf(valueAt(source.data, path)).map(
      (key): Place => ({ id: String(key), source, path: [...path, key], on: 'key' }),
    ),
  );
}

function keysOf(value: unknown): (string | number)[] {
  if (Array.isArray(value)) return [...value.keys()];
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
