import { assigned, type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

/** Hosts and clouds besides the three large ones; each by the shape in its own documentation. */
export const CLOUDS: readonly Rule[] = [
  token('digitalocean-token', 'DigitalOcean token', 'critical', ['dop_v1_', 'doo_v1_', 'dor_v1_'], '[0-9a-f]{64}', {
    true: [`DO_TOKEN=dop_v1_${sample(64, 'hex')}`],
    false: ['dop_v1_token'],
  }),
  token('alibaba-access-key', 'Alibaba Cloud access key id', 'high', ['LTAI'], '[A-Za-z0-9]{17,21}', {
    true: [`accessKeyId: LTAI${sample(20)}`],
    false: ['LTAI short', `LTAI${sample(40)}`],
  }),
  token('tencent-secret-id', 'Tencent Cloud secret id', 'high', ['AKID'], '[A-Za-z0-9]{32}', {
    true: [`AKID${sample(32)}`],
    false: ['AKIDENTIFIER'],
  }),
  token('scaleway-access-key', 'Scaleway access key', 'medium', ['SCW'], '[A-Z0-9]{17}', {
    true: [`SCW_ACCESS_KEY=SCW${sample(17, 'upper')}`],
    false: ['SCW_ACCESS_KEY='],
  }),
  assigned(
    'scaleway-secret-key',
    'Scaleway secret key',
    'critical',
    ['scw_secret', 'scaleway'],
    '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    {
      true: [`SCW_SECRET_KEY=${sampleUuid()}`],
      false: ['SCW_SECRET_KEY=$KEY'],
    },
    { between: '[\\w.-]{0,20}key' },
  ),
  assigned('hetzner-token', 'Hetzner Cloud token', 'critical', ['hcloud', 'hetzner'], '[A-Za-z0-9]{64}', {
    true: [`HCLOUD_TOKEN=${sample(64)}`],
    false: [`hcloud_image = "${sample(20)}"`],
  }),
  assigned('linode-token', 'Linode token', 'critical', ['linode'], '[0-9a-f]{64}', {
    true: [`LINODE_TOKEN: ${sample(64, 'hex')}`],
    false: ['linode_region: eu-central'],
  }),
  assigned('vultr-key', 'Vultr API key', 'critical', ['vultr'], '[A-Z0-9]{36}', {
    true: [`VULTR_API_KEY=${sample(36, 'upper')}`],
    false: ['VULTR_API_KEY=${KEY}'],
  }),
  assigned(
    'ovh-secret',
    'OVH application secret',
    'critical',
    ['ovh'],
    '[A-Za-z0-9]{32}',
    {
      true: [`OVH_APPLICATION_SECRET=${sample(32)}`],
      false: [`OVH_ENDPOINT=ovh-eu`],
    },
    { between: '[\\w.-]{0,20}(?:secret|consumer_key)' },
  ),
  assigned(
    'ibm-cloud-key',
    'IBM Cloud API key',
    'critical',
    ['ibm', 'bluemix'],
    '[\\w-]{44}',
    {
      true: [`IBMCLOUD_API_KEY=${sample(44)}`],
      false: ['IBMCLOUD_API_KEY=none'],
    },
    { between: '[\\w.-]{0,20}key' },
  ),
  token('yandex-api-key', 'Yandex Cloud API key', 'critical', ['AQVN'], '[\\w-]{35,38}', {
    true: [`AQVN${sample(36)}`],
    false: ['AQVN'],
  }),
  token('cloudflare-origin-key', 'Cloudflare origin CA key', 'high', ['v1.0-'], '[0-9a-f]{24}-[0-9a-f]{146}', {
    true: [`v1.0-${sample(24, 'hex')}-${sample(146, 'hex')}`],
    false: ['v1.0-rc1'],
  }),
  assigned(
    'cloudflare-token',
    'Cloudflare API token',
    'critical',
    ['cloudflare', 'cf_api', 'cf_token'],
    '[\\w-]{40}|[0-9a-f]{37}',
    {
      true: [`CLOUDFLARE_API_TOKEN=${sample(40)}`, `cf_api_key: "${sample(37, 'hex')}"`],
      false: [`cloudflare_zone_id = "${sample(32, 'hex')}"`],
    },
    { between: '[\\w.-]{0,20}(?:token|key)', judge: (secret) => (/\d/.test(secret) ? 'secret' : 'no') },
  ),
  assigned(
    'fastly-token',
    'Fastly API token',
    'critical',
    ['fastly'],
    '[\\w-]{32}',
    {
      true: [`FASTLY_API_TOKEN=${sample(32)}`],
      false: ['FASTLY_SERVICE_ID=abc'],
    },
    { between: '[\\w.-]{0,20}(?:token|key)' },
  ),
  token('fly-token', 'Fly.io token', 'critical', ['fo1_'], '[\\w-]{43}', {
    true: [`fo1_${sample(43)}`],
    false: ['fo1_bar'],
  }),
  token('fly-macaroon', 'Fly.io token', 'critical', ['fm1a_', 'fm1r_', 'fm2_'], '[A-Za-z0-9+/]{100,3000}={0,3}', {
    true: [`FlyV1 fm2_${sample(300)}`],
    false: ['fm2_radio'],
  }),
  token('heroku-token', 'Heroku API key', 'critical', ['HRKU-'], '[\\w-]{36,60}', {
    true: [`HRKU-${sampleUuid()}`, `HRKU-AA${sample(58)}`],
    false: ['HRKU-1'],
  }),
  assigned(
    'heroku-key',
    'Heroku API key',
    'critical',
    ['heroku'],
    '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    {
      true: [`HEROKU_API_KEY=${sampleUuid()}`],
      false: ['HEROKU_APP_NAME=shop'],
    },
    { between: '[\\w.-]{0,20}key' },
  ),
  token('netlify-token', 'Netlify token', 'critical', ['nfp_'], '[A-Za-z0-9]{36}', {
    true: [`nfp_${sample(36)}`],
    false: ['nfp_x'],
  }),
  assigned(
    'vercel-token',
    'Vercel token',
    'critical',
    ['vercel'],
    '[A-Za-z0-9]{24}',
    {
      true: [`VERCEL_TOKEN=${sample(24)}`],
      false: ['VERCEL_ENV=production'],
    },
    { between: '[\\w.-]{0,20}token' },
  ),
  token('render-key', 'Render API key', 'critical', ['rnd_'], '[A-Za-z0-9]{32}', {
    true: [`rnd_${sample(32)}`],
    false: ['rnd_seed'],
  }),
  assigned(
    'railway-token',
    'Railway token',
    'critical',
    ['railway'],
    '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    {
      true: [`RAILWAY_TOKEN=${sampleUuid()}`],
      false: ['RAILWAY_ENVIRONMENT=production'],
    },
    { between: '[\\w.-]{0,20}token' },
  ),
  token(
    'planetscale-secret',
    'PlanetScale password or token',
    'critical',
    ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'],
    '[\\w.-]{32,64}',
    {
      true: [`pscale_pw_${sample(43)}`],
      false: ['pscale_pw_x'],
    },
  ),
  token('supabase-token', 'Supabase access token', 'critical', ['sbp_'], '(?:v0_)?[0-9a-f]{40}', {
    true: [`sbp_${sample(40, 'hex')}`],
    false: ['sbp_total'],
  }),
  token('supabase-secret-key', 'Supabase secret key', 'critical', ['sb_secret_'], '[\\w-]{31}', {
    true: [`sb_secret_${sample(31)}`],
    false: ['sb_secret_key'],
  }),
  token('mongodb-atlas-secret', 'MongoDB Atlas service account secret', 'critical', ['mdb_sa_sk_'], '[\\w-]{40}', {
    true: [`mdb_sa_sk_${sample(40)}`],
    false: ['mdb_sa_sk_'],
  }),
  {
    id: 'terraform-cloud-token',
    title: 'Terraform Cloud token',
    severity: 'critical',
    kind: 'format',
    keywords: ['.atlasv1.'],
    regex: /(?<=(?<![A-Za-z0-9])([A-Za-z0-9]{14}))(\.atlasv1\.[\w-]{60,70})(?![\w-])/y,
    examples: { true: [`token = "${sample(14)}.atlasv1.${sample(67)}"`], false: ['x.atlasv1.y'] },
  },
  token('vault-token', 'HashiCorp Vault token', 'critical', ['hvs.', 'hvb.'], '[\\w-]{24,300}', {
    true: [`VAULT_TOKEN=hvs.${sample(95)}`],
    false: ['hvs.example'],
  }),
  assigned(
    'vault-legacy-token',
    'HashiCorp Vault token',
    'critical',
    ['vault'],
    '[sb]\\.[A-Za-z0-9]{24}',
    {
      true: [`VAULT_TOKEN=s.${sample(24)}`],
      false: ['vault_addr=https://vault.example'],
    },
    { between: '[\\w.-]{0,20}token' },
  ),
  token('pulumi-token', 'Pulumi access token', 'critical', ['pul-'], '[0-9a-f]{40}', {
    true: [`pul-${sample(40, 'hex')}`],
    false: ['pul-request'],
  }),
  token(
    'doppler-token',
    'Doppler token',
    'critical',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    '(?:[a-z0-9_-]{2,35}\\.){0,1}[A-Za-z0-9]{40,44}',
    {
      true: [`dp.pt.${sample(43)}`, `dp.st.prd.${sample(43)}`],
      false: ['dp.st.prd'],
    },
  ),
  token(
    'onepassword-service-token',
    '1Password service account token',
    'critical',
    ['ops_eyJ'],
    '[A-Za-z0-9+/=_-]{200,2000}',
    {
      true: [`ops_eyJ${sample(400)}`],
      false: ['ops_eyJ'],
    },
  ),
  token(
    'onepassword-secret-key',
    '1Password secret key',
    'critical',
    ['A3-'],
    '[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}',
    {
      true: [
        `A3-${sample(6, 'upper')}-${sample(11, 'upper')}-${sample(5, 'upper')}-${sample(5, 'upper', 2)}-${sample(5, 'upper', 3)}`,
      ],
      false: ['A3-PAPER'],
    },
  ),
  token('age-secret-key', 'age identity', 'critical', ['AGE-SECRET-KEY-1'], '[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}', {
    true: [`AGE-SECRET-KEY-1${sample(58, 'upper').replace(/[BIO1]/g, 'Q')}`],
    false: ['AGE-SECRET-KEY-1...'],
  }),
];
