import { AppError } from '../core/error.ts';

/** A path into the file: keys and list positions. */
export type Path = readonly (string | number)[];

/** Something wrong at a place of a file. `line` and `col` count from 1. */
export interface Problem {
  file: string;
  line: number;
  col: number;
  path: Path;
  message: string;
}

/** `targets[0].monitor.every`, `checks["headers.hsts"].minDays`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** `seaworthy.yaml:4:11 targets[0].monitor.evry: unknown key "evry"; did you mean "every"?` */
export function formatProblem(problem: Problem): string {
  const path = formatPath(problem.path);
  return `${problem.file}:${problem.line}:${problem.col} ${path === '' ? '' : `${path}: `}${problem.message}`;
}

/** A configuration that cannot be used, with everything that is wrong with it. */
export class ConfigError extends AppError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('config-invalid', problems.map(formatProblem).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
