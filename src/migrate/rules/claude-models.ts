// What Anthropic's models refuse of a message, or read otherwise.

import { arrayAt, fieldOf, objectAt, textAt } from '../../providers/shape.ts'
import { type Candidate, claudeVersion, isClaudeFrom } from '../candidate.ts'
import type { Rule } from '../rule.ts'
import { has, hasOther, isPrefilled, isThinking, numberAt, offersTools } from './questions.ts'

const isMessages = ({ api }: Candidate) => api === 'anthropic-messages'
const guide = 'https://platform.claude.com/docs/en/about-claude/models/migration-guide'

/** From these on sampling is gone; the default passes. */
const withoutSampling = { opus: 4.7, sonnet: 5 }
/** From these on one of two samplers at most. */
const oneSampler = { opus: 4.1, sonnet: 4.5, haiku: 4.5 }
const withoutPrefill = { opus: 4.6, sonnet: 4.6 }
const adaptiveOnly = { opus: 4.7 }

const sampling = [
  { field: 'temperature', fallback: 1 },
  { field: 'top_p', fallback: 1 },
  { field: 'top_k', fallback: null },
] as const

export const claudeModelRules: readonly Rule[] = [
  {
    id: 'claude-max-tokens-required',
    field: 'max_tokens',
    effect: 'rejects',
    about: isMessages,
    hits: (body) => !has(body, 'max_tokens'),
    why: '“max_tokens: Field required”',
    source: 'https://github.com/tickernelz/opencode-mem/issues/50',
    remedy: { kind: 'person', what: 'choose a limit; as an override it would be the limit of all requests' },
  },
  ...sampling.map(
    ({ field, fallback }): Rule => ({
      id: `claude-without-${field.replaceAll('_', '-')}`,
      field,
      effect: 'rejects',
      about: (candidate) => isMessages(candidate) && isClaudeFrom(candidate, withoutSampling),
      hits: (body) => hasOther(body, field, fallback),
      why: `sampling was taken away from Opus 4.7 and Sonnet 5 on: “\`${field}\` is deprecated for this model.”`,
      source:
        field === 'temperature'
          ? 'https://github.com/earendil-works/pi/pull/7961'
          : 'https://github.com/pollinations/pollinations/pull/11319',
      remedy: { kind: 'remove', isHarmless: true },
    }),
  ),
  {
    id: 'claude-one-sampler',
    field: 'top_p',
    effect: 'rejects',
    about: (candidate) =>
      isMessages(candidate) && isClaudeFrom(candidate, oneSampler) && !isClaudeFrom(candidate, withoutSampling),
    hits: (body) => has(body, 'temperature') && has(body, 'top_p'),
    why: '“`temperature` and `top_p` cannot both be specified for this model. Please use only one.”',
    source: 'https://github.com/chatboxai/chatbox/issues/2670',
    remedy: { kind: 'remove', isHarmless: false },
  },
  {
    id: 'claude-prefill',
    field: 'messages',
    effect: 'rejects',
    about: (candidate) => isMessages(candidate) && isClaudeFrom(candidate, withoutPrefill),
    hits: isPrefilled,
    why: '“This model does not support assistant message prefill. The conversation must end with a user message.”',
    source: 'https://github.com/Skyvern-AI/skyvern/pull/4795',
    remedy: {
      kind: 'person',
      what: 'ask for the form in the instructions, or by output_config.format; without the beginning it is another request',
    },
  },
  {
    id: 'claude-prefill-thinking',
    field: 'messages',
    effect: 'rejects',
    about: (candidate) => isMessages(candidate) && !isClaudeFrom(candidate, withoutPrefill),
    hits: (body) => isPrefilled(body) && isThinking(body),
    why: 'the beginning of an answer can be given in non-thinking mode only',
    source: 'https://platform.claude.com/docs/ja/build-with-claude/prompt-engineering/prefill-claudes-response',
    remedy: { kind: 'person', what: 'either thinking or the beginning' },
  },
  {
    id: 'claude-thinking-budget',
    field: 'thinking',
    effect: 'rejects',
    about: (candidate) => isMessages(candidate) && isClaudeFrom(candidate, adaptiveOnly),
    hits: (body) => textAt(objectAt(body, 'thinking'), 'type') === 'enabled',
    why: '“"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.”',
    source: 'https://github.com/freecodexyz/free-code/issues/32',
    remedy: {
      kind: 'person',
      what: 'thinking: { type: adaptive } with an effort, which stands in no fixed proportion to a budget',
    },
  },
  {
    id: 'claude-budget-beyond-limit',
    field: 'thinking',
    effect: 'rejects',
    about: isMessages,
    hits: (body) => {
      const budget = numberAt(objectAt(body, 'thinking'), 'budget_tokens')
      const limit = numberAt(body, 'max_tokens')
      // With tools, thinking may go on between their calls, and the budget be larger.
      return budget !== null && limit !== null && budget >= limit && !offersTools(body)
    },
    why: '“`max_tokens` must be greater than `thinking.budget_tokens`.”',
    source: 'https://github.com/vybestack/llxprt-code/issues/1307',
    remedy: { kind: 'person', what: 'a greater limit or a smaller budget' },
  },
  {
    id: 'claude-thinking-temperature',
    field: 'temperature',
    effect: 'rejects',
    about: (candidate) =>
      isMessages(candidate) && claudeVersion(candidate) !== null && !isClaudeFrom(candidate, withoutSampling),
    hits: (body) => isThinking(body) && hasOther(body, 'temperature', 1),
    why: '“`temperature` may only be set to 1 when thinking is enabled.”',
    source: 'https://github.com/MartialBE/one-hub/issues/529',
    remedy: { kind: 'remove', isHarmless: false },
  },
  {
    id: 'claude-system-role',
    field: 'messages',
    effect: 'rejects',
    // Opus 5 takes them amid a conversation.
    about: (candidate) => isMessages(candidate) && (claudeVersion(candidate)?.version ?? 9) < 5,
    hits: (body) => arrayAt(body, 'messages').some((each) => textAt(each, 'role') === 'system'),
    why: '“messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.”',
    source: 'https://github.com/ianarawjo/ChainForge/issues/271',
    remedy: { kind: 'person', what: 'the instructions belong into the field `system`' },
  },
  ...['response_format', 'n', 'seed', 'logit_bias', 'stop', 'presence_penalty', 'frequency_penalty'].map(
    (field): Rule => ({
      id: `claude-foreign-${field.replaceAll('_', '-')}`,
      field,
      effect: 'rejects',
      about: (candidate) => isMessages(candidate) && candidate.vendor === null,
      hits: (body) => has(body, field),
      why: `the API takes no fields that it does not know: “${field}: Extra inputs are not permitted”`,
      source: 'https://github.com/amrit110/oli/issues/7',
      remedy:
        field === 'stop'
          ? { kind: 'person', what: 'stop_sequences, as a list, in the caller' }
          : { kind: 'remove', isHarmless: true },
    }),
  ),
  {
    id: 'claude-tool-dialect',
    field: 'tools',
    effect: 'rejects',
    about: isMessages,
    hits: (body) => arrayAt(body, 'tools').some((tool) => fieldOf(tool, 'function') !== undefined),
    why: 'a tool is { name, input_schema } here, not { type: function, function: { name, parameters } }',
    source: 'https://github.com/anthropics/anthropic-sdk-python/blob/main/src/anthropic/types/tool_param.py',
    remedy: { kind: 'person', what: 'write the tools in the API’s own dialect, in the caller' },
  },
  {
    id: 'claude-budget-deprecated',
    field: 'thinking',
    effect: 'differs',
    about: (candidate) =>
      isMessages(candidate) &&
      isClaudeFrom(candidate, { opus: 4.6, sonnet: 4.6 }) &&
      !isClaudeFrom(candidate, adaptiveOnly),
    hits: (body) => textAt(objectAt(body, 'thinking'), 'type') === 'enabled',
    why: 'a thinking budget is deprecated in favor of adaptive thinking, and still taken',
    source: guide,
    remedy: { kind: 'none' },
  },
]
