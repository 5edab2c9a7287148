// What other servers than OpenAI's refuse of an OpenAI chat, or pass over.

import type { JsonObject } from '../../core/types.ts'
import { arrayAt, objectAt, textAt } from '../../providers/shape.ts'
import { type Candidate, claudeVersion, isClaudeFrom, isNamed } from '../candidate.ts'
import type { Rule } from '../rule.ts'
import { has, hasOther, isPrefilled, numberAt } from './questions.ts'

const isServedBy =
  (vendor: string) =>
  ({ api, vendor: served }: Candidate) =>
    api === 'openai-chat' && served === vendor

const manyAnswers = (body: JsonObject) => (numberAt(body, 'n') ?? 1) > 1
const namesAuthors = (body: JsonObject) => arrayAt(body, 'messages').some((each) => has(each, 'name'))
const hasDeveloper = (body: JsonObject) =>
  arrayAt(body, 'messages').some((each) => textAt(each, 'role') === 'developer')
const asksForSchema = (body: JsonObject) => textAt(objectAt(body, 'response_format'), 'type') === 'json_schema'

const groq = 'https://console.groq.com/docs/openai'
const groqRules = ['logprobs', 'top_logprobs', 'logit_bias'].map(
  (field): Rule => ({
    id: `groq-${field.replaceAll('_', '-')}`,
    field,
    effect: 'rejects',
    about: isServedBy('groq'),
    hits: (body) => has(body, field),
    why: 'Groq does not support it, and answers 400 where it is supplied',
    source: groq,
    remedy: { kind: 'remove', isHarmless: true },
  }),
)

/** Claude behind Anthropic's own endpoint for OpenAI's SDK: no vendor's name, and a Claude's model. */
const isClaudeAsChat = (candidate: Candidate) =>
  candidate.api === 'openai-chat' && candidate.vendor === null && claudeVersion(candidate) !== null
const claudeGuide = 'https://platform.claude.com/docs/en/api/openai-sdk'
const passedOver = `logprobs top_logprobs response_format presence_penalty frequency_penalty seed logit_bias
  reasoning_effort`.split(/\s+/)

const reasons = (candidate: Candidate) => isServedBy('deepseek')(candidate) && isNamed(candidate, /^deepseek-reasoner/)
const deepseekGuide = 'https://api-docs.deepseek.com/zh-cn/guides/reasoning_model'

const foreignToMistral = ['logprobs', 'top_logprobs', 'logit_bias', 'user', 'store', 'service_tier', 'stream_options']

export const serverRules: readonly Rule[] = [
  ...groqRules,
  {
    id: 'groq-n',
    field: 'n',
    effect: 'rejects',
    about: isServedBy('groq'),
    hits: manyAnswers,
    why: 'Groq answers 400 where n is supplied and is not 1',
    source: groq,
    remedy: { kind: 'person', what: 'several answers of one request are several requests here' },
  },
  {
    id: 'groq-name',
    field: 'messages',
    effect: 'rejects',
    about: isServedBy('groq'),
    hits: namesAuthors,
    why: 'Groq does not support messages[].name, and answers 400 where it is supplied',
    source: groq,
    remedy: { kind: 'person', what: 'the model reads the names: write them into the messages, or do without' },
  },
  ...passedOver.map(
    (field): Rule => ({
      id: `claude-chat-${field.replaceAll('_', '-')}`,
      field,
      effect: 'ignores',
      about: isClaudeAsChat,
      hits: (body) => has(body, field),
      why: 'Anthropic’s endpoint for OpenAI’s SDK passes it over',
      source: claudeGuide,
      remedy: { kind: 'none' },
    }),
  ),
  {
    id: 'claude-chat-n',
    field: 'n',
    effect: 'rejects',
    about: isClaudeAsChat,
    hits: manyAnswers,
    why: 'Anthropic’s endpoint for OpenAI’s SDK says that n must be exactly 1',
    source: claudeGuide,
    remedy: { kind: 'person', what: 'several answers of one request are several requests here' },
  },
  {
    id: 'claude-chat-system',
    field: 'messages',
    effect: 'differs',
    about: isClaudeAsChat,
    hits: (body) =>
      arrayAt(body, 'messages')
        .slice(1)
        .some((each) => /^(?:system|developer)$/.test(textAt(each, 'role') ?? '')),
    why: 'system and developer messages are hoisted: they become one system prompt at the start, wherever they stood',
    source: claudeGuide,
    remedy: { kind: 'none' },
  },
  {
    id: 'claude-chat-temperature',
    field: 'temperature',
    effect: 'differs',
    about: isClaudeAsChat,
    hits: (body) => (numberAt(body, 'temperature') ?? 0) > 1,
    why: 'a temperature above 1 is capped at 1',
    source: claudeGuide,
    remedy: { kind: 'none' },
  },
  {
    id: 'claude-chat-strict',
    field: 'tools',
    effect: 'ignores',
    about: isClaudeAsChat,
    hits: (body) => arrayAt(body, 'tools').some((tool) => hasOther(objectAt(tool, 'function') ?? {}, 'strict', false)),
    why: 'strict is passed over: arguments need not follow the schema',
    source: claudeGuide,
    remedy: { kind: 'none' },
  },
  ...['temperature', 'top_p', 'top_k'].map(
    (field): Rule => ({
      id: `openrouter-claude-${field.replaceAll('_', '-')}`,
      field,
      effect: 'ignores',
      about: (candidate) => isServedBy('openrouter')(candidate) && isClaudeFrom(candidate, { opus: 4.7 }),
      hits: (body) => has(body, field),
      why: 'Claude Opus 4.7 takes no sampling, and OpenRouter passes it over without a word',
      source: 'https://openrouter.ai/docs/guides/evaluate-and-optimize/model-migrations/claude-4-7',
      remedy: { kind: 'none' },
    }),
  ),
  {
    id: 'deepseek-developer-role',
    field: 'messages',
    effect: 'rejects',
    about: isServedBy('deepseek'),
    hits: hasDeveloper,
    why: '“messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`”',
    source: 'https://github.com/earendil-works/pi/issues/1048',
    remedy: { kind: 'person', what: 'the role is system here, in the caller' },
  },
  {
    id: 'vllm-developer-role',
    field: 'messages',
    effect: 'may-reject',
    about: isServedBy('vllm'),
    hits: hasDeveloper,
    why: 'the model’s chat template decides; Qwen’s was seen to answer “Unexpected message role.”',
    source: 'https://github.com/ogx-ai/ogx/issues/6069',
    remedy: { kind: 'person', what: 'the role system, in the caller, is what templates know' },
  },
  {
    id: 'deepseek-json-schema',
    field: 'response_format',
    effect: 'rejects',
    about: isServedBy('deepseek'),
    hits: asksForSchema,
    why: '“This response_format type is unavailable now”: DeepSeek’s chats know text and json_object',
    source: 'https://github.com/UKGovernmentBEIS/inspect_ai/issues/4916',
    remedy: { kind: 'person', what: 'json_object, with the schema in the prompt' },
  },
  ...['temperature', 'top_p', 'presence_penalty', 'frequency_penalty'].map(
    (field): Rule => ({
      id: `deepseek-reasoner-${field.replaceAll('_', '-')}`,
      field,
      effect: 'ignores',
      about: reasons,
      hits: (body) => has(body, field),
      why: 'setting it raises no error and has no effect',
      source: deepseekGuide,
      remedy: { kind: 'none' },
    }),
  ),
  ...['logprobs', 'top_logprobs'].map(
    (field): Rule => ({
      id: `deepseek-reasoner-${field.replaceAll('_', '-')}`,
      field,
      effect: 'rejects',
      about: reasons,
      hits: (body) => has(body, field),
      why: 'setting it raises an error',
      source: deepseekGuide,
      remedy: { kind: 'remove', isHarmless: true },
    }),
  ),
  {
    id: 'mistral-prefill',
    field: 'messages',
    effect: 'rejects',
    about: isServedBy('mistral'),
    hits: (body) => isPrefilled(body) && !hasOther(arrayAt(body, 'messages').at(-1), 'prefix', false),
    why: '“Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant”',
    source: 'https://github.com/NEKOparapa/AiNiee/issues/641',
    remedy: { kind: 'person', what: 'prefix: true in that message, in the caller' },
  },
  {
    id: 'mistral-name',
    field: 'messages',
    effect: 'rejects',
    about: isServedBy('mistral'),
    hits: (body) => arrayAt(body, 'messages').some((each) => textAt(each, 'role') === 'user' && has(each, 'name')),
    why: 'Mistral takes no fields that it does not know: “Extra inputs are not permitted” (422), of a user message’s name',
    source: 'https://github.com/nomtek/mistralai_client_dart/issues/44',
    remedy: { kind: 'person', what: 'the model reads the names: write them into the messages, or do without' },
  },
  ...foreignToMistral.map(
    (field): Rule => ({
      id: `mistral-${field.replaceAll('_', '-')}`,
      field,
      effect: 'may-reject',
      about: isServedBy('mistral'),
      hits: (body) => has(body, field),
      why: 'Mistral answers 422 to fields that it does not know, “Extra inputs are not permitted”, and is not known to know this one',
      source: 'https://github.com/mistralai/platform-docs-public/issues/7',
      remedy: { kind: 'remove', isHarmless: true },
    }),
  ),
]
