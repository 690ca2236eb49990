import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../row.ts';

interface Ground {
  directory: string;
  certificate: string;
  exporter: string;
  inside: readonly string[];
  script(file: string, ...args: string[]): ChildProcess;
}

/** What one look or probe costs, ms of processor time. */
export interface Costs {
  ours: { http: number; https: number };
  theirs: { http: number; https: number };
}

const CONFIG = (certificate: string): string => `
modules:
  http: { prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4 } }
  https: { prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4, tls_config: { ca_file: ${certificate} } } }
`;

/** Our looks and the exporter's probes of the same servers in turn, by the processor time of each process. */
export async function compareProbes(ground: Ground): Promise<Row[]> {
  const config = join(ground.directory, 'blackbox.yml');
  writeFileSync(config, CONFIG(ground.certificate));
  const flags = [`--config.file=${config}`, '--web.listen-address=127.0.0.1:19115', '--log.level=error'];
  const [command = '', ...rest] = [...ground.inside, ground.exporter, ...flags];
  const exporter = spawn(command, rest, { stdio: 'ignore' });
  try {
    // `ip netns exec` becomes the program that it runs, so this is the exporter's own process.
    const asking = ground.script('costs.ts', String(exporter.pid), ground.certificate);
    let text = '';
    asking.stdout?.on('data', (chunk) => {
      text += chunk;
    });
    await once(asking, 'close');
    const { ours, theirs }: Costs = JSON.parse(text.trim().split('\n').at(-1) ?? '');
    const rows = (kind: 'http' | 'https', wanted: string): Row[] => [
      { label: `processor time per look, ${kind}`, value: ours[kind], unit: 'ms' },
      { label: `prometheus-blackbox-exporter, per probe, ${kind}`, value: theirs[kind], unit: 'ms' },
      { label: `ratio, ${kind}`, value: ours[kind] / theirs[kind], unit: 'x', note: `at most ${wanted}` },
    ];
    return [...rows('http', '0.5'), ...rows('https', '1.0')];
  } finally {
    exporter.kill();
  }
}
