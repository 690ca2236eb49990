import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CATEGORIES } from '../core/category.ts';
import { AppError } from '../core/error.ts';

/** Writes a new check with a sample verdict, and its line in the register, below `root`. Answers the path of the check. */
export async function scaffoldCheck(root: string, id: string): Promise<string> {
  const [category = '', noun = ''] = id.split('.');
  if (!CATEGORIES.some((known) => known === category) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(noun)) {
    throw new AppError('bad-check-id', `"${id}" is no check id`, {
      hint: `write category.noun, where the category is one of ${CATEGORIES.join(', ')}`,
    });
  }
  const path = `checks/${category}/${noun}.ts`;
  const file = join(root, path);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) throw new AppError('check-exists', `${path} exists already`, { hint: 'choose another noun' });
  const register = join(root, 'checks/index.ts');
  const registered = withCheck(await readFile(register, 'utf8'), category, noun);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, template(id, category));
  await writeFile(register, registered);
  return path;
}

/** The register with one more check: its import in order of path, its name at the end of the list. */
function withCheck(register: string, category: string, noun: string): string {
  const name = `${category}-${noun}`.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const line = `import ${name} from './${category}/${noun}.ts';`;
  const pathOf = (one: string) => one.split(" from '")[1] ?? '';
  const imports = register.split('\n').filter((one) => one.startsWith('import '));
  const before = imports.filter((one) => pathOf(one).startsWith('.') && pathOf(one) < pathOf(line));
  const anchor = before.at(-1) ?? imports[0] ?? '';
  return register.replace(anchor, `${anchor}\n${line}`).replace(/\n\];\s*$/, `\n  ${name},\n];\n`);
}

function template(id: string, category: string): string {
  return `import { defineCheck } from '../../src/core/check.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: '${id}',
  title: 'The good state, as a sentence',
  category: '${category}',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Why it matters, in one or two sentences.',
  remediation: 'What to do, with the line to paste.',
  references: ['https://www.rfc-editor.org/'],
  needs: ['http'],
  evaluate({ http }) {
    const page = http.hops.at(-1);
    if (page?.status === 200) return pass('the page answers');
    return fail('', \`the page answers \${page?.status}\`, { seen: String(page?.status), wanted: '200' });
  },
  examples: [
    { name: 'what is right', facts: { http: exampleHttp({}) }, status: 'pass' },
    {
      name: 'what is wrong',
      facts: { http: exampleHttp({}, { hops: [{ url: 'https://shop.example/', status: 500, headers: [] }] }) },
      status: 'fail',
    },
  ],
});
`;
}
