import { describe, expect, it } from 'vitest';
import { readCalendar, writeCalendar } from '../../src/time/calendar.ts';

const at = (text: string) => Date.parse(text);
const calendar = (...events: string[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//x//x//EN',
    ...events.map((event) => `BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\n${event}\r\nEND:VEVENT`),
    'END:VCALENDAR',
  ].join('\r\n');
const read = (text: string, zone = 'Europe/Lisbon') =>
  readCalendar(text, zone, at('2026-11-01T00:00Z'), at('2027-01-01T00:00Z')).map(({ summary, from, to }) => [
    summary,
    new Date(from).toISOString(),
    new Date(to).toISOString(),
  ]);

describe('a calendar', () => {
  it('reads times in UTC, in a zone that is named, without a zone, and whole days', () => {
    const text = calendar(
      'UID:1\r\nSUMMARY:ana\r\nDTSTART:20261124T090000Z\r\nDTEND:20261125T090000Z',
      'UID:2\r\nSUMMARY:ben\r\nDTSTART;TZID=America/New_York:20261126T090000\r\nDTEND;TZID=America/New_York:20261126T170000',
      'UID:3\r\nSUMMARY:eve\r\nDTSTART:20261127T090000\r\nDURATION:PT8H',
      'UID:4\r\nSUMMARY:zoe\r\nDTSTART;VALUE=DATE:20261128\r\nDTEND;VALUE=DATE:20261130',
    );
    expect(read(text, 'Europe/Riga')).toEqual([
      ['ana', '2026-11-24T09:00:00.000Z', '2026-11-25T09:00:00.000Z'],
      ['ben', '2026-11-26T14:00:00.000Z', '2026-11-26T22:00:00.000Z'],
      ['eve', '2026-11-27T07:00:00.000Z', '2026-11-27T15:00:00.000Z'],
      ['zoe', '2026-11-27T22:00:00.000Z', '2026-11-29T22:00:00.000Z'],
    ]);
  });

  it('repeats events, without their exceptions, and keeps the wall clock over a clock change', () => {
    const text = calendar(
      'UID:1\r\nSUMMARY:ana\r\nDTSTART;TZID=Europe/Riga:20261012T090000\r\nDTEND;TZID=Europe/Riga:20261012T170000\r\nRRULE:FREQ=WEEKLY;COUNT=6\r\nEXDATE;TZID=Europe/Riga:20261109T090000',
      'UID:1\r\nSUMMARY:ben\r\nRECURRENCE-ID;TZID=Europe/Riga:20261116T090000\r\nDTSTART;TZID=Europe/Riga:20261117T090000\r\nDTEND;TZID=Europe/Riga:20261117T170000',
    );
    expect(read(text)).toEqual([
      ['ana', '2026-11-02T07:00:00.000Z', '2026-11-02T15:00:00.000Z'],
      ['ben', '2026-11-17T07:00:00.000Z', '2026-11-17T15:00:00.000Z'],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['something else', 'hello'],
    ['a card', 'BEGIN:VCARD\r\nVERSION:4.0\r\nEND:VCARD'],
    [
      'a zone that nobody knows',
      calendar(
        'UID:1\r\nSUMMARY:x\r\nDTSTART;TZID=Mars/Olympus:20261124T090000\r\nDTEND;TZID=Mars/Olympus:20261124T100000',
      ),
    ],
    [
      'a storm of repetitions',
      calendar('UID:1\r\nSUMMARY:x\r\nDTSTART:20261101T000000Z\r\nDTEND:20261101T000001Z\r\nRRULE:FREQ=SECONDLY'),
    ],
  ])('refuses %s', (_what, text) => {
    expect(() => read(text)).toThrow();
  });

  it('reads what it writes, whatever stands in a summary', () => {
    const event = {
      uid: 'a@b',
      summary: 'Ana, "x"; y\\z\nBEGIN:VEVENT ü',
      from: at('2026-11-24T09:00Z'),
      to: at('2026-11-25T09:00Z'),
    };
    const text = writeCalendar('On call: primary', [event], at('2026-11-20T00:00Z'));
    expect(readCalendar(text, 'UTC', at('2026-11-01T00:00Z'), at('2027-01-01T00:00Z'))).toEqual([event]);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(76);
  });
});
