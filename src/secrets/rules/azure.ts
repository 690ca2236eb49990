import { assigned, type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

/** https://learn.microsoft.com/purview/sit-defn-azure-storage-account-key and its siblings. */
export const AZURE: readonly Rule[] = [
  {
    id: 'azure-storage-key',
    title: 'Azure storage account key',
    severity: 'critical',
    kind: 'format',
    keywords: ['AccountKey='],
    regex: /AccountKey=([A-Za-z0-9+/]{86}==)/y,
    examples: {
      true: [
        `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${sample(86)}==;EndpointSuffix=core.windows.net`,
      ],
      false: ['AccountKey=<key>;', `AccountKey=${sample(40)}`],
    },
  },
  {
    id: 'azure-shared-access-key',
    title: 'Azure Service Bus, Event Hubs or IoT Hub key',
    severity: 'critical',
    kind: 'format',
    keywords: ['SharedAccessKey='],
    regex: /SharedAccessKey=([A-Za-z0-9+/]{43}=)/y,
    examples: {
      true: [`Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${sample(43)}=`],
      false: ['SharedAccessKey=<key>'],
    },
  },
  {
    id: 'azure-sas',
    title: 'Azure shared access signature',
    severity: 'high',
    kind: 'format',
    keywords: ['&sig=', '?sig='],
    regex: /[&?]sig=([A-Za-z0-9%+/]{43,63}(?:%3D|=))/iy,
    examples: {
      true: [`https://shop.blob.core.windows.net/c?sv=2024-01-01&sig=${sample(43)}%3D`],
      false: ['https://shop.example/?a=1&sig=none'],
    },
  },
  {
    id: 'azure-client-secret',
    title: 'Microsoft Entra client secret',
    severity: 'critical',
    kind: 'format',
    keywords: ['Q~'],
    regex: /(?<=(?<![\w~.-])([\w~.-]{3}[0-9]))(Q~[\w~.-]{31,34})(?![\w~.-])/y,
    examples: { true: [`CLIENT_SECRET=abc8Q~${sample(34)}`], false: ['IQ~EQ~tests', 'abc8Q~short'] },
  },
  {
    id: 'azure-devops-token',
    title: 'Azure DevOps personal access token',
    severity: 'critical',
    kind: 'format',
    keywords: ['AZDO'],
    regex: /(?<=(?<![A-Za-z0-9])([A-Za-z0-9]{76}))(AZDO[A-Za-z0-9]{4})(?![A-Za-z0-9])/y,
    examples: { true: [`token: ${sample(76)}AZDO${sample(4)}`], false: ['AZDO_PROJECT=shop'] },
  },
  {
    id: 'azure-service-key',
    title: 'key of an Azure service',
    severity: 'critical',
    kind: 'format',
    // Marks that Microsoft puts into its keys: Functions, Search, Cosmos DB, Container Registry, Batch, API Management.
    keywords: ['AzFu', 'AzSe', 'ACDb', '+ACR', '+ABa', '+APM', 'AIoT', '+AEh', '+ASb', '+AMC', '+ASt'],
    regex:
      /(?<=(?<![A-Za-z0-9+/])([A-Za-z0-9+/_-]{33,76}))((?:AzFu|AzSe|ACDb|\+ACR|\+ABa|\+APM|AIoT|\+AEh|\+ASb|\+AMC|\+ASt)[A-Za-z0-9+/_-]{5,8}={0,2})(?![A-Za-z0-9+/=])/y,
    judge: (secret) => ([52, 44, 88, 84, 56].includes(secret.length) ? 'secret' : 'no'),
    examples: {
      true: [`key=${sample(76)}+ASt${sample(6)}==`, `${sample(42)}AzSe${sample(6)}`],
      false: ['AzSearchClient', sample(60)],
    },
  },
  assigned(
    'azure-subscription-key',
    'Azure AI services key',
    'high',
    ['ocp-apim-subscription-key', 'azure_openai', 'azureopenai', 'cognitive_services'],
    '[0-9a-f]{32}',
    {
      true: [`Ocp-Apim-Subscription-Key: ${sample(32, 'hex')}`],
      false: [`AZURE_OPENAI_DEPLOYMENT=${sampleUuid()}`],
    },
  ),
  token('databricks-token', 'Databricks access token', 'critical', ['dapi'], '[0-9a-f]{32}(?:-[0-9]){0,1}', {
    true: [`DATABRICKS_TOKEN=dapi${sample(32, 'hex')}`],
    false: ['dapicture'],
  }),
];
