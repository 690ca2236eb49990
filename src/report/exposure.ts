import type { ExposureFamily, ExposureRow, ExposureTableKind } from '../core/exposure-table.ts';

/** What each verdict is called. */
export const EXPOSURE_WORDS: Readonly<Record<ExposureTableKind, string>> = {
  exposed: 'exposed',
  bypasses: 'bypasses the firewall',
  missing: 'declared but missing',
  unknown: 'unknown',
  intended: 'intended',
  blocked: 'blocked',
  local: 'local',
};

/** Whether the row is something to mend. */
export function isBadExposure(kind: ExposureTableKind): boolean {
  return kind === 'exposed' || kind === 'bypasses' || kind === 'missing';
}

/** `sshd (openssh-server)`. */
export function processText({ process, package: owner }: ExposureRow): string {
  if (process === null) return owner ?? '';
  return owner === null || owner === process ? process : `${process} (${owner})`;
}

/** What the auditor met, IPv4 and IPv6: `open`, or `open / filtered` where they differ; `-` for a family without the port. */
export function outsideText({ v4, v6 }: ExposureRow): string {
  const [four, six] = [scanText(v4), scanText(v6)];
  return four === six ? four : `${four} / ${six}`;
}

function scanText(family: ExposureFamily | null): string {
  return family === null ? '-' : family.scan;
}

/** The rules that decide for strangers, each once: `accept: nft inet filter input, tcp dport 22`. */
export function ruleTexts({ v4, v6 }: ExposureRow): string[] {
  const [four, six] = [v4, v6].map((one) => (one?.rule ? `${one.rule.verdict}: ${one.rule.by}` : null));
  if (four == null && six == null) return [];
  if (four === six || six == null) return [four ?? ''];
  return four == null ? [`v6 ${six}`] : [`v4 ${four}`, `v6 ${six}`];
}
