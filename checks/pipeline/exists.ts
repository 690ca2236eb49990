import { defineCheck } from '../../src/core/check.ts';
import { exampleWorkflow } from '../../src/core/facts/examples.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'pipeline.exists',
  title: 'A pipeline gates every change',
  category: 'pipeline',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Without a pipeline nothing stops a change that breaks the build, the tests or the security of the system.',
  remediation:
    'Commit a pipeline definition that runs on every push, such as .github/workflows/verify.yml or .gitlab-ci.yml, with lint, tests and `npx seaworthy gate`.',
  references: [
    'https://docs.github.com/actions/writing-workflows/about-workflows',
    'https://docs.gitlab.com/ci/yaml/',
    'https://dora.dev/capabilities/continuous-integration/',
  ],
  needs: ['repository'],
  evaluate({ repository }) {
    const [first] = repository.workflows;
    if (!first) {
      return fail('', 'no pipeline definition was found in the repository', {
        wanted: 'a definition for GitHub, GitLab, Bitbucket, CircleCI, Azure, Jenkins or another known system',
      });
    }
    const filled = repository.workflows.filter((workflow) => workflow.text.trim() !== '');
    const seen = repository.workflows.map((workflow) => workflow.path).join(', ');
    if (filled.length === 0) return fail(first.path, 'the pipeline definition is empty', { seen });
    const known = filled.filter((workflow) => declaresWork(workflow.system, workflow.text));
    if (known.length === 0) return fail(first.path, 'the pipeline definition declares no job', { seen });
    return pass('a pipeline is defined', { seen: known.map((workflow) => workflow.path).join(', ') });
  },
  examples: [
    {
      name: 'a workflow with a job',
      facts: {
        repository: { git: true, workflows: [exampleWorkflow('on: push\njobs:\n  verify:\n    runs-on: x\n')] },
      },
      status: 'pass',
    },
    { name: 'none', facts: { repository: { git: true, workflows: [] } }, status: 'fail' },
    { name: 'an empty file', facts: { repository: { git: true, workflows: [exampleWorkflow('\n')] } }, status: 'fail' },
    {
      name: 'only comments and a name',
      facts: { repository: { git: true, workflows: [exampleWorkflow('# jobs:\nname: verify\n')] } },
      status: 'fail',
    },
  ],
});

/** Whether a definition has at least one thing to run, by the top-level keys of its system. */
function declaresWork(system: string, text: string): boolean {
  const topLevel = [...text.matchAll(/^([A-Za-z_.][\w .-]*):/gm)].map(([, key]) => key ?? '');
  switch (system) {
    case 'github':
    case 'circleci':
      return topLevel.includes('jobs');
    case 'bitbucket':
      return topLevel.includes('pipelines');
    case 'azure':
      return topLevel.some((key) => ['jobs', 'stages', 'steps', 'extends'].includes(key));
    case 'gitlab': {
      const reserved = [
        'stages',
        'variables',
        'default',
        'workflow',
        'image',
        'services',
        'cache',
        'before_script',
        'after_script',
      ];
      return topLevel.some((key) => !reserved.includes(key) && !key.startsWith('.'));
    }
    default:
      return text.trim() !== '';
  }
}
