import { CHECKS } from '../../checks/index.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import type { TlsAddressFacts } from '../../src/core/facts/tls.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Target } from '../../src/core/target.ts';
import { type ScanOptions, scanAddress } from '../../src/net/tls/scan.ts';
import { type StartTls, startTls } from '../../src/net/tls/starttls.ts';
import { exampleTarget } from './targets.ts';

/** Scans a server of a test on 127.0.0.1 as shop.example, with generous limits. */
export function scanPort(
  port: number,
  protocol?: StartTls,
  change: Partial<ScanOptions> = {},
): Promise<TlsAddressFacts> {
  const signal = AbortSignal.timeout(120_000);
  const prelude: ScanOptions['prelude'] =
    protocol && ((socket) => startTls(socket, protocol, 'shop.example', { signal, timeoutMs: 10_000 }));
  return scanAddress({
    address: '127.0.0.1',
    port,
    serverName: 'shop.example',
    signal,
    timeoutMs: 10_000,
    budget: 400,
    onConnection: () => {},
    ...(prelude ? { prelude } : {}),
    ...change,
  });
}

/** What the TLS checks make of one address: findings by check, without their `tls.` */
export function judgeAddress(
  address: TlsAddressFacts,
  now = Date.now(),
  target: Partial<Target> = {},
): Record<string, Finding[]> {
  const bundle = {
    schema: 1 as const,
    targetId: 'shop-web',
    kind: 'endpoint' as const,
    collectedAt: now,
    facts: {
      tls: {
        ok: true as const,
        value: { serverName: 'shop.example', startTls: null, addresses: [address] },
        at: now,
        ms: 0,
      },
    },
  };
  const findings = evaluate({
    target: exampleTarget({ needs: ['tls'] }, target),
    bundle,
    checks: CHECKS.filter((check) => check.category === 'tls' && check.needs.every((key) => key === 'tls')),
    settings: (check) => ({ enabled: true, options: check.options.parse({}) }),
    now,
  });
  const byCheck: Record<string, Finding[]> = {};
  for (const finding of findings) {
    const name = finding.check.replace('tls.', '');
    byCheck[name] = [...(byCheck[name] ?? []), finding];
  }
  return byCheck;
}

/** The checks of an address that fail. */
export function failures(address: TlsAddressFacts): string[] {
  return Object.entries(judgeAddress(address)).flatMap(([check, findings]) =>
    findings.some((one) => one.status === 'fail') ? [check] : [],
  );
}
