import type { Command } from 'commander';
import type { Io } from './io.ts';

/** Adds arguments, options and action to a command that has its name and summary. */
export type Define = (command: Command, io: Io) => void;

export interface Verb {
  name: string;
  summary: string;
  /** Loaded only when this verb is called, so that none pays for the others. */
  load(): Promise<{ define: Define }>;
}

/** The command line, one line a verb, in the order of `--help`. */
export const VERBS: readonly Verb[] = [
  { name: 'audit', summary: 'audit targets once and report', load: () => import('./audit.ts') },
  {
    name: 'gate',
    summary: 'audit and compare with a baseline: fail on regressions only',
    load: () => import('./gate.ts'),
  },
  { name: 'serve', summary: 'run the service: API, dashboard, schedule, alerts', load: () => import('./serve.ts') },
  { name: 'init', summary: 'look around and write a commented seaworthy.yaml', load: () => import('./init.ts') },
  { name: 'config', summary: 'check the configuration, or print its JSON Schema', load: () => import('./config.ts') },
  { name: 'checks', summary: 'list the checks', load: () => import('./checks.ts') },
  { name: 'explain', summary: 'say what a check wants, why, and how to get there', load: () => import('./explain.ts') },
  { name: 'host-script', summary: 'print what runs on a host', load: () => import('./host-script.ts') },
  { name: 'oncall', summary: 'who is on call, now or then', load: () => import('./oncall.ts') },
  {
    name: 'route-test',
    summary: 'who would be told of an incident, and why not',
    load: () => import('./route-test.ts'),
  },
  { name: 'channel', summary: 'send a test message over a channel', load: () => import('./channel.ts') },
  {
    name: 'import',
    summary: "print another product's monitors, routes or schedules as a configuration",
    load: () => import('./import.ts'),
  },
  { name: 'migrate', summary: 'bring the store up to date', load: () => import('./migrate.ts') },
  { name: 'token', summary: 'create, list and revoke API tokens', load: () => import('./token.ts') },
  { name: 'backup', summary: 'copy the store to a file while it is in use', load: () => import('./backup.ts') },
  { name: 'restore', summary: 'put a copy of the store in its place', load: () => import('./restore.ts') },
  { name: 'doctor', summary: 'look for what keeps Seaworthy itself from working', load: () => import('./doctor.ts') },
];
