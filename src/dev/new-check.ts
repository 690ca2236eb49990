import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CATEGORIES } from '../core/category.ts';

/** `npm run new:check -- category.noun`: writes the check with a failing placeholder and its line in the register. */
const root = join(import.meta.dirname, '../..');
const id = process.argv[2] ?? '';
const [category = '', noun = ''] = id.split('.');
if (!CATEGORIES.some((known) => known === category) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(noun)) {
  console.error(`"${id}" is no check id: write category.noun, where the category is one of ${CATEGORIES.join(', ')}`);
  process.exit(2);
}
const file = join(root, 'checks', category, `${noun}.ts`);
const exists = await access(file).then(
  () => true,
  () => false,
);
if (exists) {
  console.error(`${file} exists already`);
  process.exit(2);
}

const template = `import { defineCheck } from '../../src/core/check.ts';
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
await mkdir(dirname(file), { recursive: true });
await writeFile(file, template);

const register = join(root, 'checks/index.ts');
const text = await readFile(register, 'utf8');
const name = `${category}-${noun}`.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const line = `import ${name} from './${category}/${noun}.ts';`;
const imports = text.split('\n').filter((one) => one.startsWith('import '));
const after = imports.filter(
  (one) => one.includes(" from './") && one.split(" from '")[1]! < line.split(" from '")[1]!,
);
const anchor = after.at(-1) ?? imports[0] ?? '';
const withImport = text.replace(anchor, `${anchor}\n${line}`);
await writeFile(register, withImport.replace(/\n\];\s*$/, `\n  ${name},\n];\n`));
console.log(`wrote checks/${category}/${noun}.ts and its line in checks/index.ts; next: npm run derive`);
