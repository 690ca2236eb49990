import type { Grade } from '../core/score.ts';
import { xml } from './escape.ts';

export interface BadgeInput {
  grade: Grade | null;
  score: number | null;
  label?: string;
}

const COLOURS: Record<string, string> = { A: '#2a7a2e', B: '#4d6f16', C: '#8a6100', D: '#a34700', F: '#b3261e' };

/** A small SVG with the grade. Readable without colour; white on each of the colours has a contrast above 4.5. */
export function badge({ grade, score, label = 'seaworthy' }: BadgeInput): string {
  const value = grade === null ? 'unknown' : `${grade} ${score ?? ''}`.trim();
  const colour = COLOURS[grade?.[0] ?? ''] ?? '#5b6067';
  const left = Math.round(label.length * 6.6 + 12);
  const right = Math.round(value.length * 7 + 12);
  const width = left + right;
  const text = (x: number, content: string) => `<text x="${x}" y="14">${xml(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${xml(`${label}: ${value}`)}">`,
    `<title>${xml(`${label}: ${value}`)}</title>`,
    `<clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#3b3f45"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${colour}"/></g>`,
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    `${text(left / 2, label)}${text(left + right / 2, value)}</g></svg>\n`,
  ].join('');
}
