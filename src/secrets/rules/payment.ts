import { assigned, type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

/** Payment and commerce. Keys of test modes are leaks too, but move no money. */
export const PAYMENT: readonly Rule[] = [
  token('stripe-live-key', 'Stripe live key', 'critical', ['sk_live_', 'rk_live_'], '[A-Za-z0-9]{20,247}', {
    true: [`STRIPE_SECRET_KEY=sk_live_${sample(24)}`, `rk_live_${sample(99)}`],
    false: ['sk_live_key', `pk_live_${sample(24)}`],
  }),
  token('stripe-test-key', 'Stripe test key', 'low', ['sk_test_', 'rk_test_'], '[A-Za-z0-9]{20,247}', {
    true: [`sk_test_${sample(24)}`],
    false: ['sk_test_key'],
  }),
  token('stripe-webhook-secret', 'Stripe webhook secret', 'high', ['whsec_'], '[A-Za-z0-9+/]{32,64}={0,2}', {
    true: [`whsec_${sample(32)}`],
    false: ['whsec_secret'],
  }),
  token(
    'square-secret',
    'Square access token or secret',
    'critical',
    ['sq0atp-', 'sq0csp-', 'sq0idp-', 'EAAA'],
    '[\\w-]{22,60}',
    {
      true: [`sq0atp-${sample(22)}`, `sq0csp-${sample(43)}`],
      false: ['sq0atp-x', 'EAAA'],
    },
    { judge: (secret) => (secret.startsWith('EAAA') && secret.length !== 64 ? 'no' : 'secret') },
  ),
  token(
    'braintree-token',
    'PayPal Braintree access token',
    'critical',
    ['access_token$production$'],
    '[0-9a-z]{16}\\$[0-9a-f]{32}',
    {
      true: [`access_token$production$${sample(16, 'lower')}$${sample(32, 'hex')}`],
      false: ['access_token$production$'],
    },
  ),
  assigned('paypal-secret', 'PayPal client secret', 'critical', ['paypal'], 'E[\\w-]{79}', {
    true: [`PAYPAL_CLIENT_SECRET=E${sample(79)}`],
    false: ['PAYPAL_MODE=live'],
  }),
  token('razorpay-key', 'Razorpay key', 'high', ['rzp_live_'], '[A-Za-z0-9]{14}', {
    true: [`rzp_live_${sample(14)}`],
    false: ['rzp_live_x'],
  }),
  token(
    'shopify-token',
    'Shopify token',
    'critical',
    ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'],
    '[0-9a-fA-F]{32}',
    {
      true: [`shpat_${sample(32, 'hex')}`],
      false: ['shpat_token'],
    },
  ),
  token(
    'plaid-token',
    'Plaid access token',
    'critical',
    ['access-production-', 'access-development-'],
    '[0-9a-f-]{36}',
    {
      true: [`access-production-${sampleUuid()}`],
      false: ['access-production-db'],
    },
  ),
  assigned(
    'plaid-secret',
    'Plaid secret',
    'critical',
    ['plaid'],
    '[0-9a-f]{30}',
    {
      true: [`PLAID_SECRET=${sample(30, 'hex')}`],
      false: ['PLAID_ENV=production'],
    },
    { between: '[\\w.-]{0,20}secret' },
  ),
  token('flutterwave-key', 'Flutterwave secret key', 'critical', ['FLWSECK-'], '[0-9a-z]{32}-[A-Z0-9a-z]{0,12}X', {
    true: [`FLWSECK-${sample(32, 'hex')}-X`],
    false: ['FLWSECK-TEST'],
  }),
  assigned('mollie-key', 'Mollie API key', 'critical', ['mollie'], 'live_[A-Za-z0-9]{30}', {
    true: [`MOLLIE_KEY=live_${sample(30)}`],
    false: ['mollie_mode=live_reload'],
  }),
  assigned('gocardless-token', 'GoCardless token', 'critical', ['gocardless'], 'live_[A-Za-z0-9_=-]{40}', {
    true: [`GOCARDLESS_TOKEN=live_${sample(40)}`],
    false: ['gocardless_env=live_update'],
  }),
  token('easypost-key', 'EasyPost key', 'high', ['EZAK'], '[A-Za-z0-9]{54}', {
    true: [`EZAK${sample(54)}`],
    false: ['EZAKx'],
  }),
  token('shippo-key', 'Shippo token', 'high', ['shippo_live_'], '[0-9a-f]{40}', {
    true: [`shippo_live_${sample(40, 'hex')}`],
    false: ['shippo_live_x'],
  }),
  token(
    'mercadopago-token',
    'Mercado Pago token',
    'critical',
    ['APP_USR-'],
    '[0-9]{10,20}-[0-9]{6}-[0-9a-f]{32}-[0-9]{5,12}',
    {
      true: [`APP_USR-${sample(16, 'digits')}-${sample(6, 'digits')}-${sample(32, 'hex')}-${sample(9, 'digits')}`],
      false: ['APP_USR-x'],
    },
  ),
  assigned('adyen-key', 'Adyen API key', 'critical', ['adyen'], 'AQE[A-Za-z0-9+/=<>.:;@{}#&^%-]{60,300}', {
    true: [`ADYEN_API_KEY=AQE${sample(120)}`],
    false: ['ADYEN_API_KEY=AQE'],
  }),
  assigned(
    'coinbase-secret',
    'Coinbase API secret',
    'critical',
    ['coinbase'],
    '[A-Za-z0-9+/]{43,86}={1,2}',
    {
      true: [`COINBASE_API_SECRET=${sample(86)}==`],
      false: ['COINBASE_URL=https://x'],
    },
    { between: '[\\w.-]{0,20}(?:secret|key)' },
  ),
];
