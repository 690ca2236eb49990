import { z } from 'zod';
import { localServiceOf, reachOf } from '../../src/analysis/local-services.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleListen, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, outcomesOr, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'firewall.listening',
  title: 'Databases, caches, queues and admin ports listen on local addresses only',
  category: 'firewall',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A service that listens on every address is one wrong firewall rule away from strangers; Redis, memcached and the Docker API ask them for no password.',
  remediation:
    "Bind the service to 127.0.0.1 (or the private address that its clients use), for example bind 127.0.0.1 -::1 in redis.conf or listen_addresses = 'localhost' in postgresql.conf, then restart it.",
  references: ['OWASP ASVS 5.0, V13.2', 'https://redis.io/docs/latest/operate/oss_and_stack/management/security/'],
  needs: ['host.listen'],
  wants: ['host.firewall'],
  options: z.strictObject({
    allow: z
      .array(z.number().int())
      .default([])
      .describe('TCP ports that may listen on all addresses although their service is usually local'),
  }),
  evaluate({ 'host.listen': listen, 'host.firewall': firewall }, { options, target }) {
    const declared = target.kind === 'host' ? (target.firewall?.allow ?? []) : [];
    const allowed = new Set([...options.allow, ...declared]);
    const exposed = listen.sockets.flatMap((socket) => {
      const service = localServiceOf(socket);
      if (socket.protocol !== 'tcp' || !service || allowed.has(socket.port)) return [];
      const reach = reachOf(socket, firewall);
      if (reach === 'loopback' || reach === 'private') return [];
      const who = socket.processes[0] ?? service.name;
      const family = socket.families.length === 2 ? 'IPv4 and IPv6' : `IPv${socket.families[0]}`;
      const guarded = reach === 'filtered';
      return [
        fail(
          `tcp/${socket.port} ${socket.address}`,
          `${who} (${service.kind}) listens on ${socket.address}:${socket.port}, ${family}${guarded ? '; only the firewall keeps strangers away' : ''}`,
          {
            severity: guarded ? 'medium' : service.severity,
            seen: `${socket.address}:${socket.port} ${socket.processes.join(', ')}`.trim(),
            wanted: `127.0.0.1:${socket.port} or a private address`,
            details: {
              protocol: 'tcp',
              port: socket.port,
              address: socket.address,
              process: socket.processes[0] ?? null,
              guardedByFirewall: firewall ? guarded : null,
            },
          },
        ),
      ];
    });
    const services = listen.sockets.filter((socket) => socket.protocol === 'tcp').length;
    return outcomesOr(
      exposed,
      pass(`none of ${services} listening TCP sockets is a local service on an outside address`),
    );
  },
  examples: [
    {
      name: 'PostgreSQL on loopback, nginx everywhere',
      facts: { 'host.listen': exampleListen('127.0.0.1:5432 postgres', '*:443 nginx', '::1:6379 redis-server') },
      status: 'pass',
    },
    {
      name: 'Redis on all addresses',
      facts: { 'host.listen': exampleListen('0.0.0.0:6379 redis-server', '*:443 nginx') },
      status: 'fail',
      severity: 'critical',
      subjects: ['tcp/6379 0.0.0.0'],
    },
    {
      name: 'Redis on another port is known by its process',
      facts: { 'host.listen': exampleListen('0.0.0.0:7777 redis-server') },
      status: 'fail',
    },
    {
      name: 'PostgreSQL on all IPv6 addresses',
      facts: { 'host.listen': exampleListen(':::5432') },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'behind the firewall it is less urgent, and still one rule away',
      facts: {
        'host.listen': exampleListen('0.0.0.0:6379 redis-server'),
        'host.firewall': exampleFirewall('DROP', exampleRules(22)),
      },
      status: 'fail',
      severity: 'medium',
    },
    { name: 'on a private address', facts: { 'host.listen': exampleListen('10.0.0.5:5432 postgres') }, status: 'pass' },
    {
      name: 'declared',
      facts: { 'host.listen': exampleListen('0.0.0.0:5432 postgres') },
      options: { allow: [5432] },
      status: 'pass',
    },
  ],
});
