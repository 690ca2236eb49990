import { z } from 'zod';

/** A directory with source code. */
export const repositoryFacts = z.object({
  /** Whether it is a git work tree. */
  git: z.boolean(),
  /** Paths of pipeline definitions, relative to the root. */
  workflows: z.array(
    z.object({
      path: z.string(),
      system: z.enum(['github', 'gitlab', 'bitbucket', 'circleci', 'jenkins', 'azure', 'other']),
      text: z.string(),
    }),
  ),
});
export type RepositoryFacts = z.infer<typeof repositoryFacts>;
