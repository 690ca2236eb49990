import { z } from 'zod';

/** The categories of the catalogue, in the order in which a scorecard shows them. */
export const CATEGORIES = [
  'headers',
  'tls',
  'dns',
  'ssh',
  'host',
  'firewall',
  'secrets',
  'backup',
  'uptime',
  'pipeline',
  'migrations',
  'parity',
  'readiness',
] as const;
export const categorySchema = z.enum(CATEGORIES);
export type Category = z.infer<typeof categorySchema>;
