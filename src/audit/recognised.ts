import type { Absence, Collected } from '../core/collected.ts';
import type { FactKey } from '../core/facts/index.ts';
import type { EndpointProtocol, EndpointTarget, Target } from '../core/target.ts';
import type { Probe } from '../probes/probe.ts';
import { absenceOf } from './gather.ts';

/** Says what speaks at a port, or throws `AbsentError` where nothing answers. */
export type Recognise = (host: string, port: number, options: { signal: AbortSignal }) => Promise<EndpointProtocol>;

/**
 * An endpoint given as `host:port` is asked what it speaks before its probes start. Where it does not answer, the
 * probes are replaced by ones that say so: asking each of them again would only knock on the closed door more often.
 */
export async function recognised(
  target: Target,
  probes: readonly Probe[],
  recognise: Recognise,
  signal: AbortSignal,
): Promise<{ target: Target; probes: readonly Probe[] }> {
  if (target.kind !== 'endpoint' || target.protocol !== 'auto') return { target, probes };
  try {
    const protocol = await recognise(target.addresses?.[0] ?? target.host, target.port, { signal });
    return { target: { ...target, protocol, url: urlFor(protocol, target) }, probes };
  } catch (thrown) {
    const absence = absenceOf(thrown, signal);
    return { target: { ...target, protocol: 'tcp' }, probes: probes.map((probe) => closedDoor(probe, absence)) };
  }
}

/** The probe, with the one answer that nobody opened. */
export function closedDoor(probe: Probe, absence: Absence): Probe {
  return {
    ...probe,
    async collect(_target, context, wanted) {
      const collected: Collected<never> = { ok: false, absence, at: context.now(), ms: 0 };
      return Object.fromEntries([...wanted].map((key: FactKey) => [key, collected]));
    },
  };
}

function urlFor(protocol: EndpointProtocol, target: EndpointTarget): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const path = protocol === 'http' || protocol === 'https' ? '/' : '';
  return `${protocol}://${host}:${target.port}${path}`;
}
