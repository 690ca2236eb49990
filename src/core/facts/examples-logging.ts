import type { HostLoggingFacts } from './host-logging.ts';

/** A host with auditd and rsyslog, which sends everything to 10.0.0.9, with what is changed. */
export function exampleLogging(change: Partial<HostLoggingFacts> = {}): HostLoggingFacts {
  return {
    audit: { installed: true, running: true, enabled: 1, rules: 24 },
    forwards: [{ by: 'rsyslog', to: '10.0.0.9:6514', protocol: 'tcp' }],
    running: ['auditd', 'rsyslogd', 'systemd-journal'],
    hidden: [],
    ...change,
  };
}
