import type { Finding } from '../../src/core/finding.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { Signal } from '../../src/core/signal.ts';
import type { EndpointTarget } from '../../src/core/target.ts';

export const NOON = Date.parse('2026-11-20T12:00:00Z');

export const shop: EndpointTarget = {
  kind: 'endpoint',
  id: 'shop-web',
  name: 'Shop',
  service: 'shop',
  environment: 'production',
  labels: { team: 'payments' },
  protocol: 'https',
  url: 'https://shop.example/',
  host: 'shop.example',
  port: 443,
};

export function signal(change: Partial<Signal> = {}): Signal {
  return {
    key: 'monitor:shop-web',
    kind: 'open',
    at: NOON,
    severity: 'high',
    title: 'Shop is down',
    labels: { target: 'shop-web', service: 'shop' },
    source: 'monitor',
    ...change,
  };
}

export function finding(change: Partial<Finding> = {}): Finding {
  const check = change.check ?? 'headers.csp';
  return {
    fingerprint: `${check}-${change.subject ?? ''}`,
    check,
    category: 'headers',
    title: 'Content Security Policy is strict',
    status: 'fail',
    severity: 'high',
    subject: '',
    message: 'there is none',
    references: [],
    waiver: null,
    ...change,
  };
}

export const byKey = (incidents: readonly Incident[]): Map<string, Incident> =>
  new Map(incidents.filter((one) => one.state !== 'resolved').map((one) => [one.key, one]));

/** Ids that count up: `i1`, `i2`. */
export function counter(prefix = 'i'): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}${count}`;
  };
}
