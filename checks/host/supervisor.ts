import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import type { HostSupervisorFacts } from '../../src/core/facts/host-supervisor.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

type Program = HostSupervisorFacts['programs'][number];

function supervisor(change: Partial<Program> = {}, more: Partial<HostSupervisorFacts> = {}): HostSupervisorFacts {
  return {
    running: true,
    programs: [
      {
        name: 'web',
        state: 'RUNNING',
        description: 'pid 12, uptime 1:02:03',
        declared: true,
        autostart: true,
        autorestart: 'unexpected',
        stopwaitsecs: 10,
        unexpectedExits: 0,
        ...change,
      },
    ],
    hidden: null,
    ...more,
  };
}

export default defineCheck({
  id: 'host.supervisor',
  title: 'Programs of supervisord run, and come back when they end',
  category: 'host',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'supervisord gives up on a program after a few quick failures and then says nothing more; one without autostart or autorestart stays down after the next reboot or crash.',
  remediation:
    'supervisorctl tail NAME stderr tells why it ends. In its [program:NAME]: autostart=true, autorestart=unexpected (or true), stopwaitsecs as long as it needs to finish its work; then supervisorctl update.',
  references: [
    'https://supervisord.org/configuration.html#program-x-section-settings',
    'https://supervisord.org/subprocess.html#process-states',
  ],
  needs: ['host.supervisor'],
  options: z.strictObject({
    minStopSeconds: z.number().min(0).default(5).describe('least stopwaitsecs, s; the default of supervisord is 10'),
    crashes: z
      .number()
      .int()
      .positive()
      .default(3)
      .describe('unexpected ends within an hour that count as a crash loop'),
  }),
  evaluate({ 'host.supervisor': { running, programs, hidden } }, { options }) {
    if (hidden !== null) {
      const settings = programs.flatMap((one) => [
        ...settingsOf(one, options.minStopSeconds),
        ...loopOf(one, options.crashes),
      ]);
      return [unknown('', hidden), ...settings];
    }
    if (!running && programs.length === 0) return notApplicable('supervisord is installed, and no program is declared');
    if (!running) {
      return fail(
        '',
        `supervisord does not run${programs.length > 0 ? `: ${programs.map(({ name }) => name).join(', ')} cannot` : ''}`,
        {
          wanted: 'systemctl enable --now supervisor',
        },
      );
    }
    return outcomesOr(
      programs.flatMap((one) => {
        const state = stateOf(one);
        const loop = state.length > 0 ? [] : loopOf(one, options.crashes);
        return [...state, ...loop, ...(state.length + loop.length > 0 ? [] : settingsOf(one, options.minStopSeconds))];
      }),
      pass(`${programs.length} programs of supervisord run: ${programs.map(({ name }) => name).join(', ')}`),
    );
  },
  examples: [
    { name: 'all well', facts: { 'host.supervisor': supervisor() }, status: 'pass' },
    {
      name: 'given up',
      facts: { 'host.supervisor': supervisor({ state: 'FATAL', description: 'Exited too quickly' }) },
      status: 'fail',
      subjects: ['web'],
      severity: 'high',
    },
    {
      name: 'stopped although it should start by itself',
      facts: { 'host.supervisor': supervisor({ state: 'STOPPED' }) },
      status: 'fail',
    },
    {
      name: 'a tool that is started by hand',
      facts: { 'host.supervisor': supervisor({ state: 'STOPPED', autostart: false }) },
      status: 'pass',
    },
    {
      name: 'a job that ended as it should',
      facts: { 'host.supervisor': supervisor({ state: 'EXITED', autorestart: 'false' }) },
      status: 'pass',
    },
    {
      name: 'declared, and nobody reloaded',
      facts: { 'host.supervisor': supervisor({ state: null }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'running, and it keeps falling over',
      facts: { 'host.supervisor': supervisor({ unexpectedExits: 12 }) },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'running, and not after a reboot',
      facts: { 'host.supervisor': supervisor({ autostart: false }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'running until it ends for the first time',
      facts: { 'host.supervisor': supervisor({ autorestart: 'false' }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'no time to finish',
      facts: { 'host.supervisor': supervisor({ stopwaitsecs: 1 }) },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'supervisord itself is down',
      facts: { 'host.supervisor': supervisor({ state: null }, { running: false }) },
      status: 'fail',
    },
    {
      name: 'installed, with nothing to do',
      facts: { 'host.supervisor': { running: false, programs: [], hidden: null } },
      status: 'not-applicable',
    },
    {
      name: 'asked without root',
      facts: {
        'host.supervisor': supervisor({ state: null }, { running: false, hidden: 'only root can ask supervisord' }),
      },
      status: 'unknown',
    },
  ],
});

function stateOf(one: Program): Outcome[] {
  if (one.state === null)
    return [
      fail(one.name, `"${one.name}" is declared and supervisord does not know it: nobody ran supervisorctl update`, {
        severity: 'medium',
      }),
    ];
  if (one.state === 'RUNNING' || one.state === 'STARTING') return [];
  if (one.state === 'STOPPED' && one.autostart === false) return [];
  if (one.state === 'EXITED' && one.autorestart === 'false') return [];
  return [
    fail(one.name, `"${one.name}" does not run: ${one.state}`, {
      seen: `${one.state} ${one.description}`.trim(),
      wanted: 'RUNNING',
    }),
  ];
}

function loopOf(one: Program, crashes: number): Outcome[] {
  if (one.unexpectedExits === null || one.unexpectedExits < crashes) return [];
  return [
    fail(one.name, `"${one.name}" ended unasked ${one.unexpectedExits} times within an hour`, {
      seen: one.description,
      wanted: 'none',
    }),
  ];
}

/** What would only show at the next boot, crash or deployment. */
function settingsOf(one: Program, minStopSeconds: number): Outcome[] {
  if (one.state === 'STOPPED' || one.state === 'EXITED') return [];
  const found: Outcome[] = [];
  if (one.autostart === false && one.state !== null)
    found.push(
      fail(one.name, `"${one.name}" runs and will not after a restart of supervisord`, {
        severity: 'medium',
        seen: 'autostart=false',
        wanted: 'autostart=true',
      }),
    );
  else if (one.autorestart === 'false')
    found.push(
      fail(one.name, `"${one.name}" stays down when it ends`, {
        severity: 'medium',
        seen: 'autorestart=false',
        wanted: 'autorestart=unexpected',
      }),
    );
  else if (one.stopwaitsecs !== null && one.stopwaitsecs < minStopSeconds)
    found.push(
      fail(one.name, `"${one.name}" is killed ${one.stopwaitsecs} s after it was asked to stop`, {
        severity: 'low',
        seen: `stopwaitsecs=${one.stopwaitsecs}`,
        wanted: `at least ${minStopSeconds}`,
      }),
    );
  return found;
}
