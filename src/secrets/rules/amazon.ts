import { ASSIGN, assigned, type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
export const AMAZON: readonly Rule[] = [
  token('aws-access-key-id', 'AWS access key id', 'critical', ['AKIA', 'ABIA', 'ACCA'], '[A-Z0-9]{16}', {
    true: [`aws_access_key_id = AKIA${sample(16, 'upper')}`, `"AKIA${sample(16, 'upper', 2)}"`],
    false: [`AKIA${sample(12, 'upper')}`, `XAKIA${sample(16, 'upper')}`, `AKIA${sample(16, 'lower')}`],
  }),
  token('aws-temporary-key-id', 'temporary AWS access key id', 'medium', ['ASIA'], '[A-Z0-9]{16}', {
    true: [`ASIA${sample(16, 'upper')}`],
    false: ['ASIA PACIFIC', `ASIA${sample(20, 'upper')}`],
  }),
  assigned(
    'aws-secret-access-key',
    'AWS secret access key',
    'critical',
    [
      'aws_secret',
      'awssecret',
      'aws-secret',
      'secret_access_key',
      'secretaccesskey',
      'secret-access-key',
      'aws.secret',
    ],
    '[A-Za-z0-9/+]{40}',
    {
      true: [`aws_secret_access_key = ${sample(40)}`, `{"SecretAccessKey": "${sample(40, 'base62', 2)}"}`],
      false: ['aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}', `aws_secret_name = ${sample(12)}`],
    },
    { judge: (secret) => (/[a-z]/.test(secret) && /[A-Z]/.test(secret) ? 'secret' : 'no') },
  ),
  assigned(
    'aws-session-token',
    'AWS session token',
    'medium',
    ['aws_session_token', 'sessiontoken'],
    '[A-Za-z0-9/+=]{100,2000}',
    {
      true: [`AWS_SESSION_TOKEN=${sample(200)}`],
      false: [`AWS_SESSION_TOKEN=${sample(20)}`],
    },
  ),
  token('aws-marketplace-token', 'Amazon Marketplace token', 'critical', ['amzn.mws.'], '[0-9a-f-]{36}', {
    true: [`amzn.mws.${sampleUuid()}`],
    false: ['amzn.mws.example'],
  }),
  token('aws-bedrock-key', 'Amazon Bedrock API key', 'critical', ['ABSK'], '[A-Za-z0-9+/]{109,269}={0,2}', {
    true: [`ABSK${sample(128)}`],
    false: [`ABSK${sample(40)}`],
  }),
  {
    id: 'aws-presigned-url',
    title: 'presigned AWS URL',
    severity: 'low',
    kind: 'format',
    keywords: ['X-Amz-Signature='],
    regex: /X-Amz-Signature=([0-9a-f]{64})(?![0-9a-f])/y,
    examples: { true: [`?X-Amz-Signature=${sample(64, 'hex')}`], false: ['X-Amz-Signature=${signature}'] },
  },
  {
    id: 'aws-cognito-secret',
    title: 'Cognito client secret',
    severity: 'high',
    kind: 'context',
    keywords: ['cognito'],
    regex: new RegExp(`cognito[\\w.-]{0,30}secret${ASSIGN}([a-z0-9]{50,56})(?![a-z0-9])`, 'iy'),
    examples: { true: [`COGNITO_CLIENT_SECRET=${sample(52, 'lower')}`], false: ['COGNITO_CLIENT_SECRET=abc'] },
  },
];
