import { describe, expect, it } from 'vitest';
import { readTargets } from '../../src/cli/targets.ts';
import { emptyConfig } from '../../src/config/config.ts';

describe('a target on the command line', () => {
  const context = (access: Parameters<typeof readTargets>[1]['access']) => ({
    config: emptyConfig(),
    access,
    cwd: '/',
  });

  it('uses sudo on a host only when it is told to', () => {
    const [plain] = readTargets(['ssh://audit@10.0.0.5'], context({}));
    const [trusted] = readTargets(['ssh://audit@10.0.0.5'], context({ sudo: true }));
    expect(plain).toMatchObject({ kind: 'host', ssh: { user: 'audit', sudo: false } });
    expect(trusted).toMatchObject({ kind: 'host', ssh: { user: 'audit', sudo: true } });
  });
});
