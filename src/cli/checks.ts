import { CHECKS } from '../../checks/index.ts';
import { CATEGORIES } from '../core/category.ts';
import { AppError } from '../core/error.ts';
import { didYouMean } from '../core/suggest.ts';
import { padTo, painter } from '../report/terminal-text.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  command
    .option('--category <category>', 'only these')
    .option('--json', 'for machines')
    .action(async ({ category, json }: { category?: string; json?: boolean }) => {
      if (category !== undefined && !CATEGORIES.some((one) => one === category)) {
        throw new AppError('unknown-category', `unknown category "${category}"${didYouMean(category, CATEGORIES)}`, {
          hint: `there are ${CATEGORIES.join(', ')}`,
        });
      }
      const checks = CHECKS.filter((check) => category === undefined || check.category === category).sort(
        (a, b) => CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category) || (a.id < b.id ? -1 : 1),
      );
      if (json) {
        const shown = checks.map(({ id, title, category: of, severity, since, rationale, remediation, references }) => {
          return { id, title, category: of, severity, since, rationale, remediation, references };
        });
        return io.out(`${JSON.stringify(shown, null, 2)}\n`);
      }
      const paint = painter(io.color);
      const width = Math.max(0, ...checks.map((check) => check.id.length)) + 2;
      const lines = checks.map(
        (check) => `${padTo(check.id, width)}${paint('dim', padTo(check.severity, 10))}${check.title}`,
      );
      await io.out(lines.map((line) => `${line}\n`).join(''));
    });
};
