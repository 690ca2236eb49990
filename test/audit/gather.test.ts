import { describe, expect, it } from 'vitest';
import { gather } from '../../src/audit/gather.ts';
import { AbsentError } from '../../src/core/collected.ts';
import type { FactKey } from '../../src/core/facts/index.ts';
import type { Probe } from '../../src/probes/probe.ts';
import { exampleTarget } from '../support/targets.ts';

const target = exampleTarget({ needs: ['http'] });
const REPOSITORY = { git: true, workflows: [] };

function probe(collect: Probe['collect'], more: Partial<Probe> = {}): Probe {
  return { name: 'probe', keys: ['repository'], on: ['endpoint'], timeoutMs: 5_000, collect, ...more };
}

async function gathered(one: Probe, signal = new AbortController().signal, crashes: unknown[] = []) {
  const wanted = new Set<FactKey>(['repository']);
  const { bundle, caused } = await gather({
    target,
    plan: new Map([[one, wanted]]),
    signal,
    now: () => 1_000,
    onCrash: (_, thrown) => crashes.push(thrown),
  });
  return { fact: bundle.facts.repository, caused };
}

describe('gathering', () => {
  it('keeps a fact that fits its schema', async () => {
    const { fact } = await gathered(probe(async () => ({ repository: { ok: true, value: REPOSITORY, at: 1, ms: 1 } })));
    expect(fact).toEqual({ ok: true, value: REPOSITORY, at: 1, ms: 1 });
  });

  it('refuses a fact of another shape, naming the place', async () => {
    const value = { git: 'yes', workflows: [] } as unknown as typeof REPOSITORY;
    const { fact } = await gathered(probe(async () => ({ repository: { ok: true, value, at: 1, ms: 1 } })));
    expect(fact).toMatchObject({
      ok: false,
      absence: { kind: 'unreadable', reason: expect.stringContaining('repository.git') },
    });
  });

  it('keeps the reason and the log of a probe that knows why it could not look', async () => {
    const crashes: unknown[] = [];
    const denied = probe(async (_target, context) => {
      context.log('asked politely');
      throw new AbsentError('denied', 'permission denied');
    });
    const { fact } = await gathered(denied, undefined, crashes);
    expect(fact).toMatchObject({
      ok: false,
      absence: { kind: 'denied', reason: 'permission denied', log: ['asked politely'] },
    });
    expect(crashes).toEqual([]);
  });

  it('reports a probe that breaks as crashed, and tells whoever mends bugs', async () => {
    const crashes: unknown[] = [];
    const bug = new TypeError('x is undefined');
    const { fact } = await gathered(
      probe(() => Promise.reject(bug)),
      undefined,
      crashes,
    );
    expect(fact).toMatchObject({ ok: false, absence: { kind: 'crashed', reason: 'x is undefined' } });
    expect(crashes).toEqual([bug]);
  });

  it('gives up on a probe that ignores its deadline', async () => {
    const { fact } = await gathered(probe(() => new Promise(() => {}), { timeoutMs: 10 }));
    expect(fact).toMatchObject({
      ok: false,
      absence: { kind: 'timeout', reason: 'no complete answer within 0.01 s' },
    });
  });

  it('prefers the own words of a probe that heeds its deadline', async () => {
    const heeding = probe(
      (_target, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new AbsentError('timeout', 'no banner after 10 ms')));
        }),
      { timeoutMs: 10 },
    );
    const { fact } = await gathered(heeding);
    expect(fact).toMatchObject({ ok: false, absence: { reason: 'no banner after 10 ms' } });
  });

  it('stops when the audit is cancelled', async () => {
    const cancelled = new AbortController();
    cancelled.abort();
    const { fact } = await gathered(
      probe(() => new Promise(() => {})),
      cancelled.signal,
    );
    expect(fact).toMatchObject({ ok: false, absence: { kind: 'timeout', reason: expect.stringContaining('stopped') } });
  });

  it('adds up what was caused and bounds the log', async () => {
    const noisy = probe(async (_target, context) => {
      context.count('connections');
      context.count('connections', 2);
      for (let line = 0; line < 10_000; line += 1) context.log('x'.repeat(10_000));
      throw new AbsentError('unreachable', 'refused');
    });
    const { fact, caused } = await gathered(noisy);
    expect(caused.connections).toBe(3);
    expect(JSON.stringify(fact).length).toBeLessThan(200_000);
  });

  it('does not let a probe that forgets a key pass in silence', async () => {
    const { fact } = await gathered(probe(async () => ({})));
    expect(fact).toMatchObject({ ok: false, absence: { kind: 'crashed' } });
  });
});
