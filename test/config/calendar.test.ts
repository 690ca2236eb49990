import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { onCallAt } from '../../src/incidents/oncall.ts';
import { folder } from './support.ts';

const YAML = `version: 1
alerting:
  channels: { hook: { webhook: { url: "https://hooks.example/x" } } }
  people: { ana: { name: Ana, channels: [hook] }, ben: { name: Ben Who, channels: [hook] } }
  schedules:
    primary:
      timeZone: Europe/Lisbon
      layers: [{ people: [ana], rotate: weekly, from: 2026-01-05 }]
      calendar: ./swaps.ics
`;
const NOW = Date.parse('2026-11-20T12:00:00Z');
const ics = (summary: string) =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:${summary}\r\nDTSTART:20261224T090000\r\nDTEND:20261226T090000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
const load = (files: Record<string, string>) =>
  loadConfig(join(folder(files), 'seaworthy.yaml'), { checks: [], env: {}, purpose: 'serve', now: NOW });

describe('a calendar with overrides', () => {
  it.each(['ben', 'Ben Who', ' BEN WHO '])('puts "%s" on call', (summary) => {
    const config = load({ 'seaworthy.yaml': YAML, 'swaps.ics': ics(summary) });
    const [schedule] = config.alerting?.schedules ?? [];
    const who = (at: string) => schedule && onCallAt(schedule, Date.parse(at))?.person;
    expect([
      who('2026-12-24T08:59Z'),
      who('2026-12-24T09:00Z'),
      who('2026-12-26T08:59Z'),
      who('2026-12-26T09:00Z'),
    ]).toEqual(['ana', 'ben', 'ben', 'ana']);
  });

  it('says which event names nobody', () => {
    const { warnings } = load({ 'seaworthy.yaml': YAML, 'swaps.ics': ics('Benn') });
    expect(warnings.map(formatProblem)).toContainEqual(
      expect.stringMatching(/:9:17 alerting\.schedules\.primary\.calendar: the event "Benn" names no person/),
    );
  });

  it.each([
    ['is not there', {}],
    ['is none', { 'swaps.ics': 'hello' }],
  ])('that %s is a problem', (_what, files) => {
    expect(() => load({ 'seaworthy.yaml': YAML, ...files })).toThrow(
      /alerting\.schedules\.primary\.calendar: .*cannot be read as a calendar/,
    );
  });
});
