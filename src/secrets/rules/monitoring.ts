import { assigned, type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Monitoring, error tracking, incident tools, CI. */
export const MONITORING: readonly Rule[] = [
  token('sentry-org-token', 'Sentry organisation token', 'high', ['sntrys_eyJ'], '[A-Za-z0-9+/=_-]{80,500}', {
    true: [`sntrys_eyJ${sample(150)}`],
    false: ['sntrys_eyJ'],
  }),
  token('sentry-user-token', 'Sentry user token', 'high', ['sntryu_'], '[0-9a-f]{64}', {
    true: [`sntryu_${sample(64, 'hex')}`],
    false: ['sntryu_x'],
  }),
  assigned(
    'sentry-auth-token',
    'Sentry auth token',
    'high',
    ['sentry'],
    '[0-9a-f]{64}',
    { true: [`SENTRY_AUTH_TOKEN=${sample(64, 'hex')}`], false: ['sentry_dsn=x'] },
    { between: '[\\w.-]{0,20}token' },
  ),
  assigned(
    'datadog-key',
    'Datadog API or application key',
    'high',
    ['datadog', 'dd_api', 'dd_app', 'dd-api'],
    '[0-9a-f]{40}|[0-9a-f]{32}',
    {
      true: [`DD_API_KEY=${sample(32, 'hex')}`, `datadog_app_key: ${sample(40, 'hex')}`],
      false: ['DD_API_KEY=$KEY', 'datadog_site: datadoghq.eu'],
    },
  ),
  token('newrelic-key', 'New Relic key', 'high', ['NRAK-', 'NRII-', 'NRIQ-', 'NRRA-', 'NRSP-'], '[\\w-]{27,42}', {
    true: [`NRAK-${sample(27, 'upper')}`],
    false: ['NRAK-x'],
  }),
  {
    id: 'newrelic-license-key',
    title: 'New Relic licence key',
    severity: 'high',
    kind: 'format',
    keywords: ['NRAL'],
    regex: /(?<=(?<![A-Za-z0-9])((?:eu01xx)?[0-9a-f]{30,36}))(NRAL)(?![A-Za-z0-9])/y,
    examples: { true: [`${sample(36, 'hex')}NRAL`], false: ['NRAL', 'xNRAL'] },
  },
  token('grafana-service-token', 'Grafana service account token', 'high', ['glsa_'], '[A-Za-z0-9]{32}_[0-9a-f]{8}', {
    true: [`glsa_${sample(32)}_${sample(8, 'hex')}`],
    false: ['glsa_x'],
  }),
  token('grafana-cloud-token', 'Grafana Cloud token', 'high', ['glc_eyJ'], '[A-Za-z0-9+/=]{60,400}', {
    true: [`glc_eyJ${sample(120)}`],
    false: ['glc_eyJ'],
  }),
  token('grafana-api-key', 'Grafana API key', 'high', ['eyJrIjoi'], '[A-Za-z0-9+/=]{60,400}', {
    true: [`eyJrIjoi${sample(90)}`],
    false: ['eyJrIjoi'],
  }),
  token('honeycomb-key', 'Honeycomb key', 'high', ['hcaik_', 'hcxik_', 'hcamk_'], '[a-z0-9]{58,64}', {
    true: [`hcaik_${sample(58, 'lower')}`],
    false: ['hcaik_x'],
  }),
  token(
    'dynatrace-token',
    'Dynatrace token',
    'high',
    ['dt0c01.', 'dt0s01.', 'dt0s02.', 'dt0s16.'],
    '[A-Z0-9]{8,24}\\.[A-Z0-9]{64}',
    { true: [`dt0c01.${sample(24, 'upper')}.${sample(64, 'upper')}`], false: ['dt0c01.x'] },
  ),
  assigned(
    'pagerduty-key',
    'PagerDuty API key',
    'high',
    ['pagerduty', 'pd_api', 'pd_key'],
    '[uy][\\w+-]{19}|[0-9a-f]{32}',
    {
      true: [`PAGERDUTY_TOKEN=u+${sample(18)}`, `pagerduty_routing_key: ${sample(32, 'hex')}`],
      false: ['pagerduty_url=x'],
    },
  ),
  assigned('opsgenie-key', 'Opsgenie API key', 'high', ['opsgenie', 'geniekey'], UUID, {
    true: [`OPSGENIE_API_KEY=${sampleUuid()}`],
    false: ['opsgenie_team=x'],
  }),
  assigned('rollbar-token', 'Rollbar token', 'medium', ['rollbar'], '[0-9a-f]{32}', {
    true: [`ROLLBAR_ACCESS_TOKEN=${sample(32, 'hex')}`],
    false: ['rollbar_env=x'],
  }),
  assigned(
    'splunk-token',
    'Splunk HEC token',
    'high',
    ['splunk'],
    UUID,
    { true: [`SPLUNK_HEC_TOKEN=${sampleUuid()}`], false: ['splunk_index=main'] },
    { between: '[\\w.-]{0,20}token' },
  ),
  assigned('sumologic-key', 'Sumo Logic access key', 'high', ['sumo'], '[A-Za-z0-9]{64}', {
    true: [`SUMOLOGIC_ACCESS_KEY=${sample(64)}`],
    false: ['sumo=1'],
  }),
  assigned('logdna-key', 'Mezmo (LogDNA) key', 'high', ['logdna', 'mezmo'], '[0-9a-f]{32}', {
    true: [`LOGDNA_KEY=${sample(32, 'hex')}`],
    false: ['logdna_tags=x'],
  }),
  assigned(
    'elastic-api-key',
    'Elastic API key',
    'high',
    ['elastic'],
    '[A-Za-z0-9+/_-]{58,80}={0,2}',
    { true: [`ELASTIC_API_KEY=${sample(60)}`], false: ['elastic_url=x'] },
    { between: '[\\w.-]{0,20}key' },
  ),
  assigned(
    'snyk-token',
    'Snyk token',
    'high',
    ['snyk'],
    UUID,
    { true: [`SNYK_TOKEN=${sampleUuid()}`], false: ['snyk_org=x'] },
    { between: '[\\w.-]{0,20}token' },
  ),
  token('sonar-token', 'SonarQube token', 'high', ['sqp_', 'squ_', 'sqa_'], '[0-9a-f]{40}', {
    true: [`SONAR_TOKEN=squ_${sample(40, 'hex')}`],
    false: ['squ_x'],
  }),
  assigned(
    'codecov-token',
    'Codecov token',
    'medium',
    ['codecov'],
    UUID,
    { true: [`CODECOV_TOKEN=${sampleUuid()}`], false: ['codecov_yml=x'] },
    { between: '[\\w.-]{0,20}token' },
  ),
  token('circleci-token', 'CircleCI token', 'high', ['CCIPAT_', 'CCIPRJ_'], '[A-Za-z0-9]{22}_[0-9a-f]{40}', {
    true: [`CCIPAT_${sample(22)}_${sample(40, 'hex')}`],
    false: ['CCIPAT_x'],
  }),
  assigned(
    'circleci-legacy-token',
    'CircleCI token',
    'high',
    ['circle'],
    '[0-9a-f]{40}',
    { true: [`CIRCLE_TOKEN=${sample(40, 'hex')}`], false: [`CIRCLE_SHA1=${sample(40, 'hex')}`] },
    { between: '[\\w.-]{0,20}token' },
  ),
  assigned(
    'travis-token',
    'Travis CI token',
    'high',
    ['travis'],
    '[A-Za-z0-9_-]{20,22}',
    { true: [`TRAVIS_TOKEN=${sample(22)}`], false: ['travis_os=x'] },
    { between: '[\\w.-]{0,20}token' },
  ),
  assigned('jenkins-token', 'Jenkins API token', 'high', ['jenkins'], '11[0-9a-f]{32}', {
    true: [`JENKINS_API_TOKEN=11${sample(32, 'hex')}`],
    false: ['jenkins_url=x'],
  }),
  token('harness-token', 'Harness token', 'high', ['pat.', 'sat.'], '[\\w-]{22}\\.[0-9a-f]{24}\\.[A-Za-z0-9]{20}', {
    true: [`pat.${sample(22)}.${sample(24, 'hex')}.${sample(20)}`],
    false: ['pat.match'],
  }),
  token('postman-key', 'Postman API key', 'high', ['PMAK-'], '[0-9a-f]{24}-[0-9a-f]{34}', {
    true: [`PMAK-${sample(24, 'hex')}-${sample(34, 'hex')}`],
    false: ['PMAK-x'],
  }),
  token(
    'launchdarkly-key',
    'LaunchDarkly key',
    'medium',
    ['sdk-', 'api-'],
    '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}',
    { true: [`sdk-${sampleUuid()}`], false: ['sdk-js', 'api-v1'] },
  ),
  assigned('bugsnag-key', 'Bugsnag key', 'low', ['bugsnag'], '[0-9a-f]{32}', {
    true: [`BUGSNAG_API_KEY=${sample(32, 'hex')}`],
    false: ['bugsnag=1'],
  }),
  assigned('okta-token', 'Okta API token', 'critical', ['okta', 'ssws'], '00[\\w-]{40}', {
    true: [`OKTA_API_TOKEN=00${sample(40)}`],
    false: ['okta_domain=x'],
  }),
  assigned(
    'auth0-secret',
    'Auth0 client secret',
    'critical',
    ['auth0'],
    '[\\w-]{64}',
    { true: [`AUTH0_CLIENT_SECRET=${sample(64)}`], false: ['auth0_domain=x'] },
    { between: '[\\w.-]{0,20}secret' },
  ),
  assigned(
    'algolia-key',
    'Algolia admin key',
    'high',
    ['algolia'],
    '[0-9a-f]{32}',
    { true: [`ALGOLIA_ADMIN_KEY=${sample(32, 'hex')}`], false: ['algolia_index=x'] },
    { between: '[\\w.-]{0,20}(?:admin|write|api)[\\w.-]{0,10}key' },
  ),
  token('mapbox-secret', 'Mapbox secret token', 'high', ['sk.eyJ'], '[\\w-]{50,100}\\.[\\w-]{20,30}', {
    true: [`sk.eyJ${sample(60)}.${sample(22)}`],
    false: ['sk.eyJ'],
  }),
];
