import { CATEGORIES } from '../core/category.ts';
import type { Check } from '../core/check.ts';

/** The page of all checks: a table per category, then each check with why, what to do and its examples. */
export function catalogPage(checks: readonly Check[]): string {
  const lines = [
    '# Catalogue of checks',
    '',
    'Derived from the checks by `npm run derive`; change the check, not this page.',
    '',
    `${checks.length} checks.`,
  ];
  for (const category of CATEGORIES) {
    const own = checks.filter((check) => check.category === category).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (own.length === 0) continue;
    lines.push('', `## ${category}`, '', '| check | holds when | severity |', '|---|---|---|');
    for (const check of own)
      lines.push(`| [${check.id}](#${anchor(check.id)}) | ${cell(check.title)} | ${check.severity} |`);
    for (const check of own) lines.push('', ...section(check));
  }
  return `${lines.join('\n')}\n`;
}

function section(check: Check): string[] {
  return [
    `### ${check.id}`,
    '',
    `${check.title}. Severity ${check.severity}, since ${check.since}, from the facts ${check.needs.map((key) => `\`${key}\``).join(', ')}.`,
    '',
    `*Why.* ${check.rationale}`,
    '',
    `*What to do.* ${check.remediation}`,
    '',
    `*Sources.* ${check.references.join(' · ')}`,
    '',
    ...check.examples.map((example) => `- ${example.status}: ${example.name}`),
  ];
}

/** The anchor that a heading of this text gets: lower case, dots dropped. */
function anchor(id: string): string {
  return id.toLowerCase().replaceAll('.', '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
