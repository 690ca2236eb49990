import { CHECKS } from '../../checks/index.ts';
import { inputSchema } from '../config/schema-walk.ts';
import type { Check } from '../core/check.ts';
import { AppError } from '../core/error.ts';
import { suggest } from '../core/suggest.ts';
import { type Paint, painter, wrap } from '../report/terminal-text.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  command.argument('<check-id>', 'such as headers.hsts').action(async (id: string) => {
    const check = CHECKS.find((one) => one.id === id);
    if (!check) throw unknownCheck(id);
    await io.out(explanation(check, Math.min(io.width, 100), painter(io.color)));
  });
};

function unknownCheck(id: string): AppError {
  const ids = CHECKS.map((check) => check.id);
  const name = id.split('.').at(-1) ?? id;
  const near = [...new Set([...suggest(id, ids), ...ids.filter((one) => one.split('.')[1] === name)])];
  return new AppError('unknown-check', `unknown check "${id}"`, {
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`seaworthy checks` lists them',
  });
}

function explanation(check: Check, width: number, paint: Paint): string {
  const lines = [`${paint('bold', check.id)}  ${check.severity}, since ${check.since}`, check.title, ''];
  const section = (title: string, texts: readonly string[]) => {
    if (texts.length === 0) return;
    lines.push(paint('bold', title), ...texts.flatMap((text) => indented(text, width)), '');
  };
  section('Why', [check.rationale]);
  section('Fix', [check.remediation]);
  section('Options', optionLines(check));
  section('Reads', [[...check.needs, ...check.wants.map((key) => `${key} (where there)`)].join(', ')]);
  section(
    'Examples',
    check.examples.map((example) => `${example.status}: ${example.name}`),
  );
  section('Sources', check.references);
  return `${lines.join('\n').trimEnd()}\n`;
}

function indented(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrap(line, width - 2).map((part) => `  ${part}`));
}

function optionLines(check: Check): string[] {
  return Object.entries(inputSchema(check.options).properties ?? {}).map(([name, option]) => {
    const description = typeof option.description === 'string' ? `: ${option.description}` : '';
    const fallback = option.default === undefined ? '' : ` (default ${JSON.stringify(option.default)})`;
    return `${name}${description}${fallback}`;
  });
}
