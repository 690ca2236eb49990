import { expect, it } from 'vitest';
import { taken } from './import-support.ts';
import { tempDir } from './support.ts';

const cwd = tempDir({});

it('import opsgenie', async () => {
  const { config, err } = await taken(cwd, 'opsgenie', {
    data: [
      {
        name: 'Ops Team',
        timezone: 'Europe/Lisbon',
        enabled: true,
        rotations: [
          {
            name: 'week',
            startDate: '2026-03-02T09:00:00Z',
            type: 'weekly',
            length: 1,
            participants: [
              { type: 'user', username: 'ana@example.com' },
              { type: 'user', username: 'ben@example.com' },
              { type: 'none' },
            ],
          },
          {
            name: 'nights',
            startDate: '2026-07-01T08:00:00Z',
            type: 'daily',
            length: 2,
            participants: [{ type: 'user', username: 'ben@example.com' }],
            timeRestriction: {
              type: 'weekday-and-time-of-day',
              restrictions: [
                { startDay: 'monday', endDay: 'tuesday', startHour: 22, startMin: 0, endHour: 6, endMin: 30 },
                { startDay: 'friday', endDay: 'monday', startHour: 18, startMin: 0, endHour: 8, endMin: 0 },
              ],
            },
          },
        ],
      },
      { name: 'Gone', timezone: 'UTC', enabled: false, rotations: [] },
    ],
  });
  expect(config).toMatchObject({
    alerting: {
      people: { ana: { name: 'ana@example.com' }, ben: {} },
      schedules: {
        'ops-team': {
          timeZone: 'Europe/Lisbon',
          layers: [
            { people: ['ana', 'ben'], rotate: 'weekly', handoff: 'Mon 09:00', from: '2026-03-02' },
            {
              people: ['ben'],
              rotate: { every: '2d' },
              handoff: 'Wed 09:00',
              from: '2026-07-01',
              restrict: { start: '22:00', end: '06:30', weekdays: ['Mon'] },
            },
          ],
        },
      },
    },
  });
  for (const word of ['no people', 'over several days', '"Gone": switched off', 'person "ana@example.com"'])
    expect(err).toContain(word);
});

it('import grafana-oncall', async () => {
  const { config, err } = await taken(cwd, 'grafana-oncall', {
    schedules: [
      { id: 'S1', name: 'Primary', type: 'web', time_zone: 'Europe/Riga', shifts: ['A', 'B', 'C'] },
      { id: 'S2', name: 'Feed', type: 'ical', ical_url_primary: 'https://calendar.example/secret' },
    ],
    on_call_shifts: [
      {
        id: 'B',
        name: 'day',
        type: 'rolling_users',
        level: 2,
        start: '2026-11-02T09:00:00',
        duration: 28_800,
        frequency: 'daily',
        interval: 1,
        by_day: ['MO', 'TU'],
        rolling_users: [['U2']],
      },
      {
        id: 'A',
        name: 'week',
        type: 'rolling_users',
        level: 1,
        start: '2026-11-02T09:00:00',
        duration: 604_800,
        frequency: 'weekly',
        interval: 1,
        rolling_users: [['U1'], ['U2', 'U1']],
      },
      { id: 'C', name: 'swap', type: 'single_event', start: '2026-12-24T09:00:00', duration: 86_400, users: ['U2'] },
    ],
    users: [
      { id: 'U1', username: 'ana' },
      { id: 'U2', username: 'ben' },
    ],
  });
  expect(config).toMatchObject({
    alerting: {
      schedules: {
        primary: {
          layers: [
            { people: ['ana', 'ben'], rotate: 'weekly', handoff: 'Mon 09:00', from: '2026-11-02' },
            {
              people: ['ben'],
              rotate: 'daily',
              handoff: '09:00',
              restrict: { start: '09:00', end: '17:00', weekdays: ['Mon', 'Tue'] },
            },
          ],
          overrides: [{ person: 'ben', from: '2026-12-24T09:00', to: '2026-12-25T09:00' }],
        },
      },
    },
  });
  for (const word of ['several people at once', '"Feed": comes from a calendar']) expect(err).toContain(word);
});
