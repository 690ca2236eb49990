import { base62Checksum, hasBase62Checksum } from '../checksum.ts';
import { type Judgement, type Rule, token } from '../rule.ts';
import { sample } from '../sample.ts';

const withChecksum = (prefix: string, seed = 1) => {
  const body = sample(30, 'base62', seed);
  return prefix + body + base62Checksum(body);
};
const checksum = (secret: string): Judgement => (hasBase62Checksum(secret) ? 'secret' : 'doubtful');

/** Source hosts: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/, https://docs.gitlab.com/security/tokens/#token-prefixes. */
export const SOURCES: readonly Rule[] = [
  token(
    'github-pat',
    'GitHub personal access token',
    'critical',
    ['ghp_'],
    '[A-Za-z0-9]{36}',
    {
      true: [`GITHUB_TOKEN=${withChecksum('ghp_')}`, `https://x:${withChecksum('ghp_', 2)}@github.com/a/b`],
      false: ['ghp_token', `ghp_${sample(20)}`],
    },
    { judge: checksum },
  ),
  token(
    'github-oauth',
    'GitHub OAuth token',
    'critical',
    ['gho_'],
    '[A-Za-z0-9]{36}',
    {
      true: [withChecksum('gho_')],
      false: ['gho_st'],
    },
    { judge: checksum },
  ),
  token(
    'github-app-token',
    'GitHub app token',
    'high',
    ['ghu_', 'ghs_'],
    '[A-Za-z0-9]{36}',
    {
      true: [withChecksum('ghs_')],
      false: ['ghs_x'],
    },
    { judge: checksum },
  ),
  token('github-refresh-token', 'GitHub refresh token', 'critical', ['ghr_'], '[A-Za-z0-9]{36,80}', {
    true: [withChecksum('ghr_')],
    false: ['ghr_x'],
  }),
  token(
    'github-fine-grained-pat',
    'GitHub fine-grained personal access token',
    'critical',
    ['github_pat_'],
    '[A-Za-z0-9]{22}_[A-Za-z0-9]{59}',
    {
      true: [`github_pat_${sample(22)}_${sample(59)}`],
      false: ['github_pat_example'],
    },
  ),
  token(
    'gitlab-pat',
    'GitLab personal access token',
    'critical',
    ['glpat-'],
    '[\\w-]{20,300}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{9}){0,1}',
    {
      true: [`glpat-${sample(20)}`, `glpat-${sample(27)}.01.${sample(9, 'lower')}`],
      false: ['glpat-token'],
    },
  ),
  token(
    'gitlab-token',
    'GitLab token',
    'critical',
    [
      'glptt-',
      'gldt-',
      'glrt-',
      'glrtr-',
      'glcbt-',
      'glft-',
      'glagent-',
      'gloas-',
      'glsoat-',
      'glimt-',
      'glffct-',
      'glwt-',
    ],
    '[\\w-]{20,300}',
    { true: [`gldt-${sample(20)}`, `glptt-${sample(40, 'hex')}`], false: ['glrt-example', 'gldt-x'] },
  ),
  token('gitlab-runner-registration', 'GitLab runner registration token', 'high', ['GR1348941'], '[\\w-]{20}', {
    true: [`GR1348941${sample(20)}`],
    false: ['GR1348941'],
  }),
  token(
    'bitbucket-token',
    'Bitbucket app password or access token',
    'critical',
    ['ATBB', 'ATCTT3xFfG'],
    '[A-Za-z0-9=_-]{28,300}',
    {
      true: [`ATBB${sample(32)}`, `ATCTT3xFfG${sample(170)}=${sample(8, 'hex')}`],
      false: ['ATBBREVIATION'],
    },
  ),
  token('atlassian-token', 'Atlassian API token', 'critical', ['ATATT3'], '[A-Za-z0-9=_-]{150,300}', {
    true: [`ATATT3${sample(186)}`],
    false: ['ATATT3x'],
  }),
  token('sourcegraph-token', 'Sourcegraph token', 'high', ['sgp_'], '(?:[0-9a-f]{16}_|local_){0,1}[0-9a-f]{40}', {
    true: [`sgp_${sample(16, 'hex')}_${sample(40, 'hex')}`],
    false: ['sgp_x'],
  }),
];
