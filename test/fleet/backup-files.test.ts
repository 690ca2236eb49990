import { afterAll, beforeAll, expect, it } from 'vitest';
import freshness from '../../checks/backup/freshness.ts';
import size from '../../checks/backup/size.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { BackupTarget, SshLogin } from '../../src/core/target.ts';
import { lookForFiles } from '../../src/probes/backup-files.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

describeLab('backups on a host, over SSH', () => {
  let lab: Lab;
  let host: LabHost;
  let over: SshLogin;
  beforeAll(async () => {
    lab = await createLab();
    host = await lab.host({ name: 'hardened', profile: 'hardened' });
    const { address, identity, knownHosts } = host;
    over = { user: 'audit', host: address, port: 22, identity, knownHosts, sudo: false };
    await host.exec('mkdir -p "/srv/my backups" && head -c 2000000 /dev/urandom > "/srv/my backups/shop 1.sql.gz"');
  });
  afterAll(() => lab?.destroy());

  async function judge(check: typeof freshness, glob = '/srv/my backups/*.sql.gz'): Promise<Outcome | undefined> {
    const target: BackupTarget = {
      kind: 'backup',
      id: 'backup',
      name: 'backup',
      service: null,
      environment: 'test',
      labels: {},
      source: { type: 'files', glob, over },
      expect: { maxAgeMs: 26 * 3_600_000, minBytes: 1_000_000 },
    };
    const context = { signal: AbortSignal.timeout(60_000), now: Date.now, log() {}, count() {} };
    const backup = await lookForFiles(target, context);
    return [check.evaluate({ backup }, { now: backup.clock, options: {}, target })].flat()[0] as Outcome;
  }

  it('passes for a fresh file, also one with a blank in its name', async () => {
    expect(await judge(freshness)).toMatchObject({ status: 'pass', details: { source: 'files', bytes: 2_000_000 } });
  });

  it('sees through a failed dump that left a gzip of nothing', async () => {
    await host.exec('cd "/srv/my backups" && touch -d "-40 hours" *.gz && : | gzip > today.sql.gz');
    expect(await judge(freshness)).toMatchObject({ status: 'fail', details: { reason: 'too-small' } });
    expect(await judge(size)).toMatchObject({ status: 'fail', details: { bytes: 20, reason: 'too-small' } });
  });

  it('fails where there is none, and does not judge what it may not read', async () => {
    expect(await judge(freshness, '/srv/none/*')).toMatchObject({ status: 'fail', details: { reason: 'none-found' } });
    await host.exec('mkdir -m 700 /srv/secret');
    await expect(judge(freshness, '/srv/secret/*')).rejects.toMatchObject({ absence: { kind: 'denied' } });
  });
});
