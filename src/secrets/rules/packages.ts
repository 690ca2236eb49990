import { base62Checksum, hasBase62Checksum } from '../checksum.ts';
import { chosen } from '../judge.ts';
import { type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

const body = sample(30);

/** Package registries and container registries. */
export const PACKAGES: readonly Rule[] = [
  token(
    'npm-token',
    'npm access token',
    'critical',
    ['npm_'],
    '[A-Za-z0-9]{36}',
    {
      true: [`//registry.npmjs.org/:_authToken=npm_${body}${base62Checksum(body)}`],
      false: ['npm_config_registry', `npm_${sample(20)}`],
    },
    { judge: (secret) => (hasBase62Checksum(secret) ? 'secret' : 'doubtful') },
  ),
  {
    id: 'npmrc-auth',
    title: 'npm registry credential',
    severity: 'critical',
    kind: 'context',
    keywords: [':_authToken', ':_password', ':_auth'],
    regex: /:_(?:authToken|password|auth)[ \t]{0,4}=[ \t]{0,4}["']?([A-Za-z0-9+/=_.-]{16,1000})/y,
    judge: chosen,
    examples: {
      true: [`//npm.example/:_authToken=${sampleUuid()}`, `//npm.example/:_password="${sample(24)}"`],
      false: ['//npm.example/:_authToken=${NPM_TOKEN}'],
    },
  },
  token(
    'pypi-token',
    'PyPI API token',
    'critical',
    ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZ'],
    '[\\w-]{50,1000}',
    {
      true: [`password = pypi-AgEIcHlwaS5vcmc${sample(150)}`],
      false: ['pypi-AgEIcHlwaS5vcmc'],
    },
  ),
  token('rubygems-key', 'RubyGems API key', 'critical', ['rubygems_'], '[0-9a-f]{48}', {
    true: [`:rubygems_api_key: rubygems_${sample(48, 'hex')}`],
    false: ['rubygems_api_key'],
  }),
  token('nuget-key', 'NuGet API key', 'critical', ['oy2'], '[a-z0-9]{43}', {
    true: [`oy2${sample(43, 'lower')}`],
    false: ['oy2x'],
  }),
  token('crates-token', 'crates.io token', 'critical', ['cio'], '[A-Za-z0-9]{32}', {
    true: [`token = "cio${sample(32)}"`],
    false: ['ciotokens'],
  }),
  token('docker-hub-token', 'Docker Hub access token', 'critical', ['dckr_pat_', 'dckr_oat_'], '[\\w-]{27,40}', {
    true: [`dckr_pat_${sample(27)}`],
    false: ['dckr_pat_'],
  }),
  {
    id: 'docker-config-auth',
    title: 'password of a container registry',
    severity: 'critical',
    kind: 'context',
    keywords: ['"auth"'],
    regex: /"auth"[ \t]{0,8}:[ \t]{0,8}"([A-Za-z0-9+/]{8,400}={0,2})"/y,
    judge: (secret) =>
      /^[\x21-\x7e]{1,200}:[\x20-\x7e]{3,200}$/.test(Buffer.from(secret, 'base64').toString('latin1'))
        ? 'secret'
        : 'no',
    examples: {
      true: [`{"auths":{"r.example":{"auth": "${Buffer.from(`ci:${sample(16)}`).toString('base64')}"}}}`],
      false: ['{"auth": "required"}', '{"auth": "Y2k="}'],
    },
  },
  token('clojars-token', 'Clojars deploy token', 'critical', ['CLOJARS_'], '[a-z0-9]{60}', {
    true: [`CLOJARS_${sample(60, 'lower')}`],
    false: ['CLOJARS_TOKEN'],
  }),
  token('artifactory-key', 'Artifactory API key', 'critical', ['AKCp'], '[A-Za-z0-9]{69,73}', {
    true: [`AKCp${sample(69)}`],
    false: ['AKCpx'],
  }),
  token('artifactory-reference', 'Artifactory reference token', 'critical', ['cmVmdGtu'], '[A-Za-z0-9]{56}', {
    true: [`cmVmdGtu${sample(56)}`],
    false: ['cmVmdGtu'],
  }),
  token('packagist-token', 'Packagist token', 'high', ['packagist_'], '(?:ort|uut|oat|out|uat)_[0-9a-f]{68}', {
    true: [`packagist_uut_${sample(68, 'hex')}`],
    false: ['packagist_mirror'],
  }),
  token('buildkite-token', 'Buildkite token', 'high', ['bkua_', 'bkaj_', 'bkct_', 'bkpt_'], '[\\w-]{40,400}', {
    true: [`bkua_${sample(40, 'hex')}`],
    false: ['bkua_x'],
  }),
];
