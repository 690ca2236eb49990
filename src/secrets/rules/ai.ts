import { assigned, type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

/** Language models and what is built around them. */
export const AI: readonly Rule[] = [
  {
    id: 'openai-key',
    title: 'OpenAI API key',
    severity: 'critical',
    kind: 'format',
    keywords: ['sk-'],
    regex:
      /(?<!(?<!\\)[A-Za-z0-9])(sk-(?:(?:proj|svcacct|admin|service)-)?[\w-]{20,100}T3BlbkFJ[\w-]{20,100})(?![\w-])/y,
    examples: {
      true: [`OPENAI_API_KEY=sk-${sample(20)}T3BlbkFJ${sample(20)}`, `sk-proj-${sample(74)}T3BlbkFJ${sample(74)}`],
      false: ['sk-learn', `task-${sample(20)}T3BlbkFJ${sample(20)}`],
    },
  },
  token(
    'openai-project-key',
    'OpenAI API key',
    'critical',
    ['sk-proj-', 'sk-svcacct-', 'sk-admin-'],
    '[\\w-]{40,200}',
    { true: [`sk-proj-${sample(64)}`], false: ['sk-proj-x'] },
  ),
  token('anthropic-key', 'Anthropic API key', 'critical', ['sk-ant-'], '(?:api|admin|sid|oat)[0-9]{2}-[\\w-]{40,120}', {
    true: [`sk-ant-api03-${sample(93)}AA`],
    false: ['sk-ant-api03'],
  }),
  token('huggingface-token', 'Hugging Face token', 'high', ['hf_', 'api_org_'], '[A-Za-z]{34}', {
    true: [`HF_TOKEN=hf_${sample(34).replace(/\d/g, 'x')}`],
    false: ['hf_hub_download', 'hf_token'],
  }),
  token('replicate-token', 'Replicate token', 'high', ['r8_'], '[A-Za-z0-9]{37}', {
    true: [`r8_${sample(37)}`],
    false: ['r8_x'],
  }),
  token('groq-key', 'Groq key', 'high', ['gsk_'], '[A-Za-z0-9]{52}', { true: [`gsk_${sample(52)}`], false: ['gsk_x'] }),
  token('perplexity-key', 'Perplexity key', 'high', ['pplx-'], '[A-Za-z0-9]{48}', {
    true: [`pplx-${sample(48)}`],
    false: ['pplx-api'],
  }),
  token('xai-key', 'xAI key', 'high', ['xai-'], '[A-Za-z0-9]{80}', {
    true: [`xai-${sample(80)}`],
    false: ['xai-grok'],
  }),
  token('openrouter-key', 'OpenRouter key', 'high', ['sk-or-v1-'], '[0-9a-f]{64}', {
    true: [`sk-or-v1-${sample(64, 'hex')}`],
    false: ['sk-or-v1'],
  }),
  token('deepseek-key', 'API key of a language model service', 'high', ['sk-'], '[0-9a-f]{32}', {
    true: [`DEEPSEEK_API_KEY=sk-${sample(32, 'hex')}`],
    false: ['sk-abc', `sk-${sample(20, 'hex')}`],
  }),
  token('elevenlabs-key', 'ElevenLabs key', 'high', ['sk_'], '[0-9a-f]{48}', {
    true: [`sk_${sample(48, 'hex')}`],
    false: ['sk_buff'],
  }),
  token('langsmith-key', 'LangSmith key', 'high', ['lsv2_'], '(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}', {
    true: [`lsv2_pt_${sample(32, 'hex')}_${sample(10, 'hex')}`],
    false: ['lsv2_x'],
  }),
  token('langfuse-key', 'Langfuse secret key', 'high', ['sk-lf-'], '[0-9a-f-]{36}', {
    true: [`sk-lf-${sampleUuid()}`],
    false: ['sk-lf-x'],
  }),
  token('pinecone-key', 'Pinecone key', 'high', ['pcsk_'], '[A-Za-z0-9]{5,7}_[A-Za-z0-9]{60,66}', {
    true: [`pcsk_${sample(6)}_${sample(63)}`],
    false: ['pcsk_x'],
  }),
  token('nvidia-key', 'NVIDIA API key', 'high', ['nvapi-'], '[\\w-]{60,70}', {
    true: [`nvapi-${sample(64)}`],
    false: ['nvapi-x'],
  }),
  token('cerebras-key', 'Cerebras key', 'high', ['csk-'], '[a-z0-9]{48}', {
    true: [`csk-${sample(48, 'lower')}`],
    false: ['csk-x'],
  }),
  token('jina-key', 'Jina key', 'high', ['jina_'], '[A-Za-z0-9]{32}[\\w-]{20,40}', {
    true: [`jina_${sample(60)}`],
    false: ['jina_embeddings'],
  }),
  token('tavily-key', 'Tavily key', 'high', ['tvly-'], '(?:dev-|prod-){0,1}[A-Za-z0-9]{32}', {
    true: [`tvly-${sample(32)}`],
    false: ['tvly-x'],
  }),
  token(
    'fireworks-key',
    'Fireworks AI key',
    'high',
    ['fw_'],
    '[A-Za-z0-9]{22,24}',
    { true: [`FIREWORKS=fw_${sample(24)}`], false: ['fw_version'] },
    {
      judge: (secret) => (/\d/.test(secret) && /[A-Z]/.test(secret) ? 'secret' : 'no'),
    },
  ),
  assigned(
    'cohere-key',
    'Cohere key',
    'high',
    ['cohere', 'co_api'],
    '[A-Za-z0-9]{40}',
    { true: [`COHERE_API_KEY=${sample(40)}`], false: ['coherent=1'] },
    { between: '[\\w.-]{0,20}(?:key|token)' },
  ),
  assigned(
    'mistral-key',
    'Mistral key',
    'high',
    ['mistral'],
    '[A-Za-z0-9]{32}',
    { true: [`MISTRAL_API_KEY=${sample(32)}`], false: ['mistral_model=x'] },
    { between: '[\\w.-]{0,20}key' },
  ),
  assigned('deepgram-key', 'Deepgram key', 'high', ['deepgram'], '[0-9a-f]{40}', {
    true: [`DEEPGRAM_API_KEY=${sample(40, 'hex')}`],
    false: ['deepgram=x'],
  }),
  assigned('assemblyai-key', 'AssemblyAI key', 'high', ['assemblyai', 'assembly_ai'], '[0-9a-f]{32}', {
    true: [`ASSEMBLYAI_API_KEY=${sample(32, 'hex')}`],
    false: ['assemblyai=x'],
  }),
  assigned('wandb-key', 'Weights & Biases key', 'high', ['wandb'], '[0-9a-f]{40}', {
    true: [`WANDB_API_KEY=${sample(40, 'hex')}`],
    false: ['wandb_project=x'],
  }),
];
