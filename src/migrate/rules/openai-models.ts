// What OpenAI's own models refuse of a chat or a response, or read otherwise.

import type { JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, objectAt, textAt } from '../../providers/shape.ts'
import { type Candidate, gptVersion, isNamed, isOpenai, openaiReasoning } from '../candidate.ts'
import type { Rule } from '../rule.ts'
import { has, hasOther, isStrictBroken, numberAt, offersTools } from './questions.ts'

const apis = new Set(['openai-chat', 'openai-responses'])
const isChat = ({ api }: Candidate) => api === 'openai-chat'
const alwaysReasons = (candidate: Candidate) => apis.has(candidate.api) && openaiReasoning(candidate) === 'always'
const mayReason = (candidate: Candidate) => apis.has(candidate.api) && openaiReasoning(candidate) === 'unless-none'

function effortOf(body: JsonObject): string | null {
  return textAt(body, 'reasoning_effort') ?? textAt(objectAt(body, 'reasoning'), 'effort')
}

/** Removing a value that is the default changes nothing. */
const removeOrDefault = { kind: 'remove', isHarmless: true } as const

/** Sampling that reasoning takes away: the default passes, and null is none. */
const sampling = [
  {
    field: 'temperature',
    fallback: 1,
    said: "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
    source: 'https://github.com/OpenHands/OpenHands/issues/4131',
  },
  {
    field: 'top_p',
    fallback: 1,
    said: "Unsupported parameter: 'top_p' is not supported with this model.",
    source: 'https://github.com/simonw/llm/issues/731',
  },
  {
    field: 'presence_penalty',
    fallback: 0,
    said: "Unsupported parameter: 'presence_penalty' is not supported with this model.",
    source: 'https://github.com/simonw/llm/issues/731',
  },
  {
    field: 'frequency_penalty',
    fallback: 0,
    said: "Unsupported parameter: 'frequency_penalty' is not supported with this model.",
    source: 'https://github.com/simonw/llm/issues/731',
  },
  {
    field: 'logprobs',
    fallback: false,
    said: 'You are not allowed to request logprobs from this model',
    source: 'https://github.com/confident-ai/deepeval/pull/2184',
  },
  {
    field: 'top_logprobs',
    fallback: 0,
    said: 'You are not allowed to request logprobs from this model',
    source: 'https://github.com/confident-ai/deepeval/pull/2184',
  },
] as const

const samplingRules = sampling.flatMap(({ field, fallback, said, source }): readonly Rule[] => [
  {
    id: `openai-reasoning-${field.replaceAll('_', '-')}`,
    field,
    effect: 'rejects',
    about: alwaysReasons,
    hits: (body) => hasOther(body, field, fallback),
    why: `a reasoning model takes its default alone: “${said}”`,
    source,
    remedy: removeOrDefault,
  },
  {
    id: `openai-effort-${field.replaceAll('_', '-')}`,
    field,
    effect: 'may-reject',
    about: mayReason,
    // Without an effort the model's own default decides: none for some of them, not for others.
    hits: (body) => hasOther(body, field, fallback) && effortOf(body) !== 'none',
    why: 'from gpt-5.1 on it is taken where the reasoning effort is none, which is the default of some models only',
    source: 'https://github.com/vercel/ai/issues/10932',
    remedy: { kind: 'person', what: `either reasoning_effort: none, or no ${field}` },
  },
])

export const openaiModelRules: readonly Rule[] = [
  {
    id: 'openai-reasoning-max-tokens',
    field: 'max_tokens',
    effect: 'rejects',
    about: (candidate) => isChat(candidate) && openaiReasoning(candidate) !== null,
    hits: (body) => has(body, 'max_tokens'),
    why: "“Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.” The limit then counts reasoning too",
    source: 'https://github.com/griptape-ai/ComfyUI-Griptape/issues/312',
    remedy: { kind: 'rename', to: 'max_completion_tokens' },
  },
  {
    id: 'openai-reasoning-limit-counts-reasoning',
    field: 'max_completion_tokens',
    effect: 'differs',
    about: (candidate) => isChat(candidate) && openaiReasoning(candidate) !== null,
    hits: (body) => has(body, 'max_completion_tokens'),
    why: 'the limit counts reasoning tokens as well as those that are seen: a limit for answers may end before the first word',
    source: 'https://github.com/openai/openai-python/blob/main/src/openai/types/chat/completion_create_params.py',
    remedy: { kind: 'none' },
  },
  ...samplingRules,
  {
    id: 'openai-reasoning-stop',
    field: 'stop',
    effect: 'rejects',
    about: (candidate) => alwaysReasons(candidate) && isChat(candidate) && isNamed(candidate, /^(?:o3|o4|gpt-5)/),
    hits: (body) => has(body, 'stop'),
    why: "“Unsupported parameter: 'stop' is not supported with this model.” Without it, answers go on where they were cut",
    source: 'https://github.com/huggingface/smolagents/pull/1662',
    remedy: { kind: 'remove', isHarmless: false },
  },
  {
    id: 'openai-effort-stop',
    field: 'stop',
    effect: 'may-reject',
    about: (candidate) => mayReason(candidate) && isChat(candidate),
    hits: (body) => has(body, 'stop') && effortOf(body) !== 'none',
    why: "gpt-5.2 was seen to answer “Unsupported parameter: 'stop' is not supported with this model.”; with the effort none it is said to be taken",
    source: 'https://github.com/huggingface/smolagents/issues/1893',
    remedy: { kind: 'person', what: 'either reasoning_effort: none, or no stop, and answers that go on' },
  },
  {
    id: 'openai-o-series-parallel-tool-calls',
    field: 'parallel_tool_calls',
    effect: 'rejects',
    about: (candidate) => alwaysReasons(candidate) && isNamed(candidate, /^o(?:3|4)-mini/),
    hits: (body) => has(body, 'parallel_tool_calls'),
    why: "“Unsupported parameter: 'parallel_tool_calls' is not supported with this model.”",
    source: 'https://github.com/browser-use/web-ui/issues/648',
    remedy: { kind: 'remove', isHarmless: false },
  },
  {
    id: 'openai-reasoning-logit-bias',
    field: 'logit_bias',
    effect: 'may-reject',
    about: (candidate) => isChat(candidate) && openaiReasoning(candidate) !== null,
    hits: (body) => has(body, 'logit_bias'),
    why: "reasoning models don't support it, by an SDK that follows OpenAI's guide; and tokens have other numbers in another model's vocabulary",
    source: 'https://github.com/vercel/ai/issues/10932',
    remedy: { kind: 'person', what: 'a bias is made for one vocabulary: leave it out, or make it anew' },
  },
  {
    id: 'openai-o1-mini-system',
    field: 'messages',
    effect: 'rejects',
    about: (candidate) => isChat(candidate) && isOpenai(candidate) && isNamed(candidate, /^o1-(?:mini|preview)/),
    hits: (body) => arrayAt(body, 'messages').some((each) => /^(?:system|developer)$/.test(textAt(each, 'role') ?? '')),
    why: "“Unsupported value: 'messages[0].role' does not support 'system' with this model.” Nor does it support developer",
    source: 'https://github.com/microsoft/agent-framework/issues/1077',
    remedy: {
      kind: 'person',
      what: 'the instructions would have to stand in a user message, which is another request',
    },
  },
  {
    id: 'openai-effort-on-others',
    field: 'reasoning_effort',
    effect: 'rejects',
    about: (candidate) => isChat(candidate) && isOpenai(candidate) && isNamed(candidate, /^(?:gpt-3|gpt-4)/),
    hits: (body) => has(body, 'reasoning_effort'),
    why: '“Unrecognized request argument supplied: reasoning_effort”: the model does not reason',
    source: 'https://github.com/davidmigloz/langchain_dart/issues/712',
    remedy: { kind: 'remove', isHarmless: true },
  },
  {
    id: 'openai-effort-in-responses',
    field: 'reasoning_effort',
    effect: 'rejects',
    about: ({ api, vendor, model }) => api === 'openai-responses' && isOpenai({ api, vendor, model }),
    hits: (body) => has(body, 'reasoning_effort'),
    why: "“Unsupported parameter: 'reasoning_effort'. In the Responses API, this parameter has moved to 'reasoning.effort'.”",
    source: 'https://github.com/lobehub/lobehub/issues/8116',
    remedy: { kind: 'person', what: 'reasoning: { effort } in the caller, or as an override with one effort for all' },
  },
  {
    id: 'openai-tools-with-effort',
    field: 'reasoning_effort',
    effect: 'rejects',
    about: (candidate) => isChat(candidate) && (gptVersion(candidate) ?? 0) >= 5.4,
    hits: (body, candidate) => {
      const effort = effortOf(body)
      // gpt-5.6 reasons unless told otherwise, and so refuses tools without a word on effort as well.
      return offersTools(body) && effort !== 'none' && (effort !== null || (gptVersion(candidate) ?? 0) >= 5.6)
    },
    why: '“Function tools with reasoning_effort are not supported for this model in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to none.”',
    source: 'https://github.com/BerriAI/litellm/pull/34569',
    remedy: {
      kind: 'person',
      what: 'reasoning_effort: none for all (an override), or the Responses API in the caller',
    },
  },
  {
    id: 'openai-json-schema-on-older',
    field: 'response_format',
    effect: 'rejects',
    about: (candidate) =>
      isChat(candidate) &&
      isOpenai(candidate) &&
      isNamed(candidate, /^(?:gpt-3\.5|gpt-4(?:-|$)|gpt-4o-2024-05|o1-(?:mini|preview)|chatgpt-4o)/),
    hits: (body) => textAt(objectAt(body, 'response_format'), 'type') === 'json_schema',
    why: "“Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.”",
    source: 'https://github.com/web-infra-dev/midscene/issues/259',
    remedy: { kind: 'person', what: 'json_object with the schema in the prompt, or a model that takes schemas' },
  },
  {
    id: 'openai-json-object-on-older',
    field: 'response_format',
    effect: 'rejects',
    about: (candidate) =>
      isChat(candidate) && isOpenai(candidate) && isNamed(candidate, /^gpt-4(?:-32k)?(?:-0314|-0613)?$/),
    hits: (body) => textAt(objectAt(body, 'response_format'), 'type') === 'json_object',
    why: "“Invalid parameter: 'response_format' of type 'json_object' is not supported with this model.”",
    source: 'https://github.com/openai/openai-node/issues/439',
    remedy: { kind: 'person', what: 'ask for JSON in the prompt alone, or a model that has the mode' },
  },
  {
    id: 'openai-strict-tools',
    field: 'tools',
    effect: 'rejects',
    about: (candidate) => apis.has(candidate.api) && isOpenai(candidate),
    hits: isStrictBroken,
    why: "a tool with strict: true must close each object and require each property: “'additionalProperties' is required to be supplied and to be false”",
    source: 'https://github.com/spring-projects/spring-ai/pull/6865',
    remedy: { kind: 'person', what: 'mend the schemas in the caller, or ask for no strictness' },
  },
  {
    id: 'openai-functions',
    field: 'functions',
    effect: 'differs',
    about: (candidate) => isChat(candidate) && isOpenai(candidate),
    hits: (body) => has(body, 'functions') || has(body, 'function_call'),
    why: 'functions and function_call are deprecated in favor of tools and tool_choice; answers come as function_call too',
    source: 'https://github.com/openai/openai-python/blob/main/src/openai/types/chat/completion_create_params.py',
    remedy: { kind: 'none' },
  },
  {
    id: 'openai-max-tokens-deprecated',
    field: 'max_tokens',
    effect: 'differs',
    about: (candidate) => isChat(candidate) && isOpenai(candidate) && openaiReasoning(candidate) === null,
    hits: (body) => has(body, 'max_tokens'),
    why: 'it is deprecated in favor of max_completion_tokens, and still taken by this model',
    source: 'https://github.com/openai/openai-python/blob/main/src/openai/types/chat/completion_create_params.py',
    remedy: { kind: 'none' },
  },
  {
    id: 'openai-n',
    field: 'n',
    effect: 'differs',
    about: (candidate) => isChat(candidate) && isOpenai(candidate),
    hits: (body) => (numberAt(body, 'n') ?? 1) > 1,
    why: 'all answers are billed, and the first of them is the one that is judged',
    source: 'https://github.com/openai/openai-python/blob/main/src/openai/types/chat/completion_create_params.py',
    remedy: {
      kind: 'person',
      what: 'n: null asks for one answer, at a part of the price; what the caller makes of several is not judged',
    },
  },
  {
    id: 'openai-seed',
    field: 'seed',
    effect: 'differs',
    about: (candidate) => isChat(candidate) && isOpenai(candidate),
    hits: (body) => fieldOf(body, 'seed') !== undefined && has(body, 'seed'),
    why: 'a seed is a best effort for one model: answers of another are no nearer to production’s by it',
    source: 'https://github.com/openai/openai-python/blob/main/src/openai/types/chat/completion_create_params.py',
    remedy: { kind: 'none' },
  },
]
