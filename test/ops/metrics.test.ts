import { expect, it } from 'vitest';
import { createMetrics } from '../../src/ops/metrics.ts';

it('tells what Prometheus asks for, read at that moment', async () => {
  const metrics = createMetrics('1.2.3', {
    findings: async () => [
      { targetId: 'a', status: 'fail', severity: 'high', count: 2 },
      { targetId: 'b', status: 'fail', severity: 'high', count: 1 },
      { targetId: 'b', status: 'pass', severity: 'low', count: 9 },
    ],
    outbox: async () => ({ pending: 3, oldest: 40_000 }),
    scheduler: () => ({ scheduled: 5, waiting: 1, running: 2 }),
    monitors: async () => [
      { id: 'a', state: 'up' },
      { id: 'b', state: 'down' },
      { id: 'c', state: 'unknown' },
    ],
    now: () => 100_000,
  });
  metrics.audits.inc({ trigger: 'schedule', result: 'done' });
  metrics.latenessSeconds.observe(0.02);
  const text = await metrics.registry.metrics();
  for (const line of [
    'seaworthy_failing_findings{severity="high"} 3',
    'seaworthy_failing_findings{severity="critical"} 0',
    'seaworthy_findings{target="b",status="pass",severity="low"} 9',
    'seaworthy_outbox_pending 3',
    'seaworthy_outbox_oldest_seconds 60',
    'seaworthy_audits_queued{state="running"} 2',
    'seaworthy_monitor_up{monitor="a"} 1',
    'seaworthy_monitor_up{monitor="b"} 0',
    'seaworthy_audits_total{trigger="schedule",result="done"} 1',
    'seaworthy_schedule_lateness_seconds_bucket{le="0.025"} 1',
    'seaworthy_build_info{version="1.2.3"} 1',
  ]) {
    expect(text).toContain(line);
  }
  expect(text).not.toContain('monitor="c"');
  expect(text).toMatch(/seaworthy_nodejs_eventloop_lag_seconds/);
});
