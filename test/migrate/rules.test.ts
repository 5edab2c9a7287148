// Each fact of the roster: a body that it hits, and one that it leaves alone.

import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import type { Candidate } from '../../src/migrate/candidate.ts'
import { rules } from '../../src/migrate/rules/index.ts'

const chat = (model: string, vendor: string | null = null): Candidate => ({ api: 'openai-chat', vendor, model })
const claude = (model: string): Candidate => ({ api: 'anthropic-messages', vendor: null, model })
const gemini = (model: string): Candidate => ({ api: 'gemini-generate-content', vendor: null, model })
const config = (fields: JsonObject): JsonObject => ({ generationConfig: fields })
const thinking = (fields: JsonObject): JsonObject => config({ thinkingConfig: fields })

const user = { role: 'user', content: 'Hello?' }
const system = { role: 'system', content: 'Be brief.' }
const developer = { role: 'developer', content: 'Be brief.' }
const assistant = { role: 'assistant', content: '{' }
const said = (...messages: JsonObject[]): JsonObject => ({ messages })

const properties = { a: { type: 'string' } }
const tool = (fields: JsonObject, parameters: JsonObject): JsonObject => ({
  tools: [
    { type: 'function', function: { name: 'f', ...fields, parameters: { type: 'object', properties, ...parameters } } },
  ],
})
const closed = { additionalProperties: false, required: ['a'] }
const schema = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } }
const object = { response_format: { type: 'json_object' } }
const budget = (budget_tokens: number) => ({ thinking: { type: 'enabled', budget_tokens } })

/** By rule: whom it is about, whom not, a body that it hits, and one that it does not. */
type Case = readonly [about: Candidate, notAbout: Candidate, hit: JsonObject, miss: JsonObject]

const [o3, gpt4o, gpt52] = [chat('o3'), chat('gpt-4o'), chat('gpt-5.2')]
const [opus45, opus46, opus47] = ['4-5', '4-6', '4-7'].map((version) => claude(`claude-opus-${version}`)) as [
  Candidate,
  Candidate,
  Candidate,
]
const [groq, mistral] = [chat('llama-3.3-70b', 'groq'), chat('mistral-large-latest', 'mistral')]
const deepseek = chat('deepseek-reasoner', 'deepseek')
const claudeChat = chat('claude-opus-4-6')

const each = (ids: readonly string[], make: (field: string) => Case, prefix: string): Record<string, Case> =>
  Object.fromEntries(ids.map((field) => [`${prefix}-${field.replaceAll('_', '-')}`, make(field)]))

const defaults: Readonly<Record<string, number | boolean>> = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: false,
  top_logprobs: 0,
}
const other = (field: string): JsonObject => ({ [field]: field === 'logprobs' ? true : 0.5 })

const cases: Readonly<Record<string, Case>> = {
  'openai-reasoning-max-tokens': [chat('openai/gpt-5-mini'), gpt4o, { max_tokens: 5 }, { max_completion_tokens: 5 }],
  'openai-reasoning-limit-counts-reasoning': [o3, gpt4o, { max_completion_tokens: 5 }, {}],
  ...each(
    Object.keys(defaults),
    (field) => [o3, gpt52, other(field), { [field]: defaults[field] ?? null }],
    'openai-reasoning',
  ),
  ...each(
    Object.keys(defaults),
    (field) => [gpt52, o3, other(field), { ...other(field), reasoning_effort: 'none' }],
    'openai-effort',
  ),
  'openai-reasoning-stop': [o3, chat('o1'), { stop: ['END'] }, { stop: null }],
  'openai-effort-stop': [gpt52, o3, { stop: 'END' }, { stop: 'END', reasoning_effort: 'none' }],
  'openai-o-series-parallel-tool-calls': [chat('o4-mini'), o3, { parallel_tool_calls: false }, {}],
  'openai-reasoning-logit-bias': [o3, gpt4o, { logit_bias: { 50: 1 } }, {}],
  'openai-o1-mini-system': [chat('o1-mini'), chat('o1'), said(system, user), said(user)],
  'openai-effort-on-others': [gpt4o, gpt52, { reasoning_effort: 'low' }, {}],
  'openai-effort-in-responses': [
    { api: 'openai-responses', vendor: null, model: 'gpt-5' },
    chat('gpt-5'),
    { reasoning_effort: 'low' },
    { reasoning: { effort: 'low' } },
  ],
  'openai-tools-with-effort': [
    chat('gpt-5.4'),
    gpt52,
    { ...tool({}, {}), reasoning_effort: 'low' },
    { ...tool({}, {}), reasoning_effort: 'none' },
  ],
  'openai-json-schema-on-older': [chat('gpt-4-turbo'), gpt4o, schema, object],
  'openai-json-object-on-older': [chat('gpt-4-0613'), chat('gpt-4-turbo'), object, schema],
  'openai-strict-tools': [gpt4o, mistral, tool({ strict: true }, {}), tool({ strict: true }, closed)],
  'openai-functions': [gpt4o, mistral, { functions: [{ name: 'f' }] }, tool({}, {})],
  'openai-max-tokens-deprecated': [gpt4o, o3, { max_tokens: 5 }, { max_completion_tokens: 5 }],
  'openai-n': [gpt4o, mistral, { n: 2 }, { n: 1 }],
  'openai-seed': [gpt4o, mistral, { seed: 7 }, {}],
  'claude-max-tokens-required': [opus45, gpt4o, {}, { max_tokens: 5 }],
  'claude-without-temperature': [opus47, opus46, { temperature: 0 }, { temperature: 1 }],
  'claude-without-top-p': [claude('claude-sonnet-5'), claude('claude-sonnet-4-6'), { top_p: 0.9 }, { top_p: 1 }],
  'claude-without-top-k': [
    claude('us.anthropic.claude-opus-4-8-v1:0'),
    claude('claude-haiku-4-5-20251001'),
    { top_k: 5 },
    {},
  ],
  'claude-one-sampler': [
    claude('claude-opus-4-1-20250805'),
    claude('claude-opus-4-20250514'),
    { temperature: 0, top_p: 0.9 },
    { temperature: 0 },
  ],
  'claude-prefill': [opus46, opus45, said(user, assistant), said(user, assistant, user)],
  'claude-prefill-thinking': [opus45, opus46, { ...said(user, assistant), ...budget(1024) }, said(user, assistant)],
  'claude-thinking-budget': [opus47, opus46, budget(1024), { thinking: { type: 'adaptive' } }],
  'claude-budget-beyond-limit': [
    opus45,
    gpt4o,
    { ...budget(2000), max_tokens: 1000 },
    { ...budget(1024), max_tokens: 4000 },
  ],
  'claude-thinking-temperature': [opus45, opus47, { ...budget(1024), temperature: 0 }, { temperature: 0 }],
  'claude-system-role': [opus45, claude('claude-opus-5'), said(system, user), said(user)],
  ...each(
    ['response_format', 'n', 'seed', 'logit_bias', 'stop', 'presence_penalty', 'frequency_penalty'],
    (field) => [opus45, gpt4o, { [field]: 1 }, { [field]: null }],
    'claude-foreign',
  ),
  'claude-tool-dialect': [opus45, gpt4o, tool({}, {}), { tools: [{ name: 'f', input_schema: { type: 'object' } }] }],
  'claude-budget-deprecated': [opus46, opus45, budget(1024), { thinking: { type: 'adaptive' } }],
  'gemini-thinking-level': [
    gemini('gemini-2.5-flash'),
    gemini('gemini-3-pro'),
    thinking({ thinkingLevel: 'low' }),
    thinking({ thinkingBudget: 5 }),
  ],
  'gemini-no-thinking': [
    gemini('gemini-2.5-pro'),
    gemini('gemini-2.5-flash'),
    thinking({ thinkingBudget: 0 }),
    thinking({ thinkingBudget: 128 }),
  ],
  'gemini-thinking-budget': [
    gemini('gemini-3-flash'),
    gemini('gemini-2.5-pro'),
    thinking({ thinkingBudget: 128 }),
    thinking({ thinkingLevel: 'low' }),
  ],
  'gemini-penalty': [
    gemini('models/gemini-2.5-flash'),
    gemini('gemini-2.0-flash'),
    config({ presencePenalty: 0.2 }),
    config({ presencePenalty: 0 }),
  ],
  'gemini-logprobs': [
    gemini('gemini-3.5-flash'),
    gemini('gemini-2.5-pro'),
    config({ responseLogprobs: true }),
    config({ responseLogprobs: false }),
  ],
  'gemini-safety': [
    gemini('gemini-3-pro'),
    gpt4o,
    { safetySettings: [{ category: 'x', threshold: 'BLOCK_NONE' }] },
    { safetySettings: [] },
  ],
  ...each(['logprobs', 'top_logprobs', 'logit_bias'], (field) => [groq, mistral, { [field]: 1 }, {}], 'groq'),
  'groq-n': [groq, gpt4o, { n: 2 }, { n: 1 }],
  'groq-name': [groq, gpt4o, said({ ...user, name: 'Ada' }), said(user)],
  ...each(
    [
      'logprobs',
      'top_logprobs',
      'response_format',
      'presence_penalty',
      'frequency_penalty',
      'seed',
      'logit_bias',
      'reasoning_effort',
    ],
    (field) => [claudeChat, gpt4o, { [field]: 1 }, {}],
    'claude-chat',
  ),
  'claude-chat-n': [claudeChat, gpt4o, { n: 2 }, { n: 1 }],
  'claude-chat-system': [claudeChat, gpt4o, said(user, system), said(system, user)],
  'claude-chat-temperature': [claudeChat, gpt4o, { temperature: 1.5 }, { temperature: 1 }],
  'claude-chat-strict': [claudeChat, gpt4o, tool({ strict: true }, closed), tool({}, closed)],
  ...each(
    ['temperature', 'top_p', 'top_k'],
    (field) => [chat('anthropic/claude-4.7-opus', 'openrouter'), claudeChat, { [field]: 1 }, {}],
    'openrouter-claude',
  ),
  'deepseek-developer-role': [deepseek, gpt4o, said(developer, user), said(system, user)],
  'vllm-developer-role': [chat('qwen3', 'vllm'), gpt4o, said(developer, user), said(system, user)],
  'deepseek-json-schema': [deepseek, gpt4o, schema, object],
  ...each(
    ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'logprobs', 'top_logprobs'],
    (field) => [deepseek, chat('deepseek-chat', 'deepseek'), { [field]: 1 }, {}],
    'deepseek-reasoner',
  ),
  'mistral-prefill': [mistral, gpt4o, said(user, assistant), said(user, { ...assistant, prefix: true })],
  'mistral-name': [mistral, gpt4o, said({ ...user, name: 'Ada' }), said(user)],
  ...each(
    ['logprobs', 'top_logprobs', 'logit_bias', 'user', 'store', 'service_tier', 'stream_options'],
    (field) => [mistral, gpt4o, { [field]: 1 }, {}],
    'mistral',
  ),
}

it('every rule has its case, and a name and a source of its own', () => {
  const ids = rules.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(Object.keys(cases).toSorted()).toEqual(ids.toSorted())
  for (const { source, why, id } of rules) {
    expect(URL.canParse(source), id).toBe(true)
    expect(why, id).not.toMatch(/[^.]\.$/)
  }
})

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const [about, notAbout, hit, miss] = cases[id] ?? [gpt4o, gpt4o, {}, {}]
  it('knows whom it is about', () => {
    expect([rule.about(about), rule.about(notAbout)]).toEqual([true, false])
  })
  it('hits one body and leaves another alone', () => {
    expect([rule.hits(hit, about), rule.hits(miss, about)]).toEqual([true, false])
  })
})

it('gpt-5.6 refuses tools also where nothing is said of effort', () => {
  const rule = rules.find(({ id }) => id === 'openai-tools-with-effort')
  expect(rule?.hits(tool({}, {}), chat('gpt-5.6-terra'))).toBe(true)
  expect(rule?.hits(tool({}, {}), chat('gpt-5.4'))).toBe(false)
})

it('strictness is asked of what lies deeper too', () => {
  const rule = rules.find(({ id }) => id === 'openai-strict-tools')
  const inner = (fields: JsonObject) =>
    tool(
      { strict: true },
      { ...closed, properties: { a: { type: 'array', items: { type: 'object', properties, ...fields } } } },
    )
  expect(rule?.hits(inner({}), gpt4o)).toBe(true)
  expect(rule?.hits(inner(closed), gpt4o)).toBe(false)
})
