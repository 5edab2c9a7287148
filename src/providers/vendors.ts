// The vendors that speak OpenAI's APIs, each with where its habits are written down. [?] marks what was not verified.

import { Fault } from '../core/fault.ts'
import { nearest } from '../core/nearest.ts'
import type { Vendor } from './vendor.ts'

const chat = 'openai-chat'
const completions = 'openai-completions'
const responses = 'openai-responses'

const sameUsage: Vendor['usage'] = { inside: null, cachedInput: null, isReasoningBeside: false }

/** A vendor without any habit. */
const plain: Omit<Vendor, 'name' | 'title'> = {
  apis: [chat, completions, responses],
  keyHeader: 'authorization',
  headers: {},
  paths: {},
  probePath: '/models',
  takesStreamOptions: true,
  renamed: {},
  finishReasons: {},
  usage: sameUsage,
}

/** For servers that know the older name of the limit only; they pass over the newer one, and answer without limit. */
const olderLimit = { max_completion_tokens: 'max_tokens' } as const

export const vendors: readonly Vendor[] = [
  {
    // Microsoft Learn, "Azure OpenAI in Foundry Models v1 API": base URL `https://{resource}.openai.azure.com/openai/v1`, no
    // api-version. A base URL `…/openai/deployments/{deployment}?api-version=…` of the older API works with it too.
    // Which name of the limit a model takes is the model's habit, not the vendor's.
    ...plain,
    name: 'azure-openai',
    title: 'Azure OpenAI',
    keyHeader: 'api-key',
  },
  {
    // Microsoft Learn, "Azure OpenAI REST API reference" (dated versions): base URL
    // `https://{resource}.openai.azure.com?api-version=…`; the target's model is the deployment. `stream_options` came with
    // 2024-09-01-preview [?]; for an older version set it to null in the target's overrides.
    ...plain,
    name: 'azure-openai-deployments',
    title: 'Azure OpenAI, dated API versions',
    keyHeader: 'api-key',
    paths: {
      [chat]: '/openai/deployments/{model}/chat/completions',
      [completions]: '/openai/deployments/{model}/completions',
      [responses]: '/openai/responses',
    },
    probePath: '/openai/models',
  },
  {
    // vLLM docs, "OpenAI-Compatible Server": takes both names of the limit; the key is `--api-key`'s.
    ...plain,
    name: 'vllm',
    title: 'vLLM',
  },
  {
    // llama.cpp, tools/server/README.md. `timings` beside `usage` are passed over. Builds before December 2024 know the
    // older limit only [?]; `/v1/responses` is newer still.
    ...plain,
    name: 'llama.cpp',
    title: 'llama.cpp server',
    renamed: olderLimit,
  },
  {
    // console.groq.com/docs/openai: chat completions and responses. It refuses `logprobs`, `logit_bias`, `top_logprobs`,
    // `messages[].name` and `n` > 1 with a 400, which is left to show. A stream's usage stands in `x_groq` of the last chunk
    // (Vercel AI SDK, packages/groq).
    ...plain,
    name: 'groq',
    title: 'Groq',
    apis: [chat, responses],
    usage: { ...sameUsage, inside: 'x_groq' },
  },
  {
    // docs.mistral.ai/api: fields that it does not know are a 422, `stream_options` among them (avante.nvim issue 2347, June
    // 2025); a stream's last chunk brings the usage unasked. `model_length` is the context's end.
    ...plain,
    name: 'mistral',
    title: 'Mistral',
    apis: [chat],
    takesStreamOptions: false,
    renamed: { ...olderLimit, seed: 'random_seed' },
    finishReasons: { model_length: 'length' },
  },
  {
    // openrouter.ai/docs: usage always comes, `stream_options` is deprecated and does nothing ("Usage Accounting"); `/models`
    // asks for no key, `/key` does ("Limits"); comments keep streams alive; an error amid a stream is a chunk with `error`.
    ...plain,
    name: 'openrouter',
    title: 'OpenRouter',
    probePath: '/key',
  },
  {
    // docs.litellm.ai, "LiteLLM Proxy": translates to each provider's own names.
    ...plain,
    name: 'litellm',
    title: 'LiteLLM proxy',
  },
  {
    // portkey.ai/docs, "Headers": the key is Portkey's own; provider, config and virtual key are headers of the target. An
    // answer from the gateway's cache is no measure of a model, so it is asked anew.
    ...plain,
    name: 'portkey',
    title: 'Portkey',
    keyHeader: 'x-portkey-api-key',
    headers: { 'x-portkey-cache-force-refresh': 'true' },
  },
  {
    // Portkey-AI/gateway README: hosted by oneself, it hands `authorization` on to the provider that `x-portkey-provider`, a
    // header of the target, names. `GET /models` is handed on too.
    ...plain,
    name: 'portkey-gateway',
    apis: [chat, completions, responses, 'anthropic-messages'],
    title: 'Portkey gateway, self-hosted',
    headers: { 'x-portkey-cache-force-refresh': 'true' },
  },
  {
    // docs.ollama.com/api/openai-compatibility: lists `max_tokens` and `stream_options.include_usage`; any key is taken.
    ...plain,
    name: 'ollama-openai',
    title: "Ollama's OpenAI API",
    renamed: olderLimit,
  },
  {
    // docs.together.ai, "Chat Completions": lists `max_tokens`; `eos` is a finish_reason (togethercomputer/openapi). Whether
    // `stream_options` is read is not said; it is not refused [?].
    ...plain,
    name: 'together',
    title: 'Together AI',
    apis: [chat, completions],
    renamed: olderLimit,
    finishReasons: { eos: 'stop' },
  },
  {
    // api-docs.deepseek.com, "Create Chat Completion" and "Context Caching": lists `max_tokens`. `insufficient_system_resource`
    // is an answer broken off by the server: an unknown reason here. Completions are at the base URL `…/beta` only.
    ...plain,
    name: 'deepseek',
    title: 'DeepSeek',
    apis: [chat, completions],
    renamed: olderLimit,
    usage: { ...sameUsage, cachedInput: 'prompt_cache_hit_tokens' },
  },
  {
    // docs.x.ai, "Consumption and Rate Limits": "reasoning token consumption will be counted separately from
    // completion_tokens, but will be counted in the total_tokens". How its responses count is not verified [?].
    ...plain,
    name: 'xai',
    title: 'xAI',
    usage: { ...sameUsage, isReasoningBeside: true },
  },
]

/** The vendor of that name. Throws BAD_CONFIG, with the word that was meant where one is near. */
export function vendorNamed(name: string, roster: readonly Vendor[] = vendors): Vendor {
  const vendor = roster.find((each) => each.name === name)
  if (vendor !== undefined) return vendor
  const known = roster.map((each) => each.name)
  const meant = nearest(name, known)
  const advice = meant === null ? `there is ${known.join(', ')}` : `did you mean "${meant}"?`
  throw new Fault('BAD_CONFIG', `no vendor called "${name}"; ${advice}`)
}
