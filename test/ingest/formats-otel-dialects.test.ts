// Two dialects of OpenTelemetry spans that flatten messages into numbered attributes: OpenInference and Traceloop.

import { describe, expect, test } from 'vitest'
import { fieldOf, isArray } from '../../src/providers/shape.ts'
import { type Attributes, otlp } from './otlp.ts'
import { all, answer, messages, one, tool } from './told-chat.ts'

describe('OpenInference', () => {
  const schema = JSON.stringify(tool)
  const attributes: Attributes = {
    'openinference.span.kind': 'LLM',
    'llm.model_name': 'gpt-x-2026',
    'llm.invocation_parameters': '{"model":"gpt-x","temperature":0.5,"stream":true}',
    'llm.input_messages.0.message.role': 'system',
    'llm.input_messages.0.message.content': 'Be kind',
    'llm.input_messages.1.message.role': 'user',
    'llm.input_messages.1.message.contents.0.message_content.type': 'text',
    'llm.input_messages.1.message.contents.0.message_content.text': 'Sun?',
    'llm.input_messages.2.message.role': 'assistant',
    'llm.input_messages.2.message.content': '',
    'llm.input_messages.2.message.tool_calls.0.tool_call.id': 'k',
    'llm.input_messages.2.message.tool_calls.0.tool_call.function.name': 'weather',
    'llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments': '{"city":"Rome"}',
    'llm.input_messages.3.message.role': 'tool',
    'llm.input_messages.3.message.tool_call_id': 'k',
    'llm.input_messages.3.message.content': 'Sun',
    'llm.tools.0.tool.json_schema': schema,
    'llm.output_messages.0.message.role': 'assistant',
    'llm.output_messages.0.message.content': 'Yes',
    'llm.finish_reason': 'stop',
    'llm.token_count.prompt': 20,
    'llm.token_count.completion': 2,
    'llm.token_count.prompt_details.cache_read': 5,
    'llm.token_count.completion_details.reasoning': 1,
    'user.id': 'u1',
    'session.id': 's1',
    metadata: '{"tier":"gold","user_id":"u1"}',
    'tag.tags': ['feature:refund'],
  }

  test('a whole call', async () => {
    expect(await one(attributes)).toMatchObject({
      body: { model: 'gpt-x', messages, tools: [tool], temperature: 0.5, stream: true },
      fidelity: 'full',
      recorded: answer,
      recordedUsage: { input: 20, output: 2, cachedInput: 5, reasoning: 1 },
      cluster: expect.stringMatching(/^c-/),
      segments: { tier: 'gold', feature: 'refund', service: 'bot' },
    })
  })

  test('numbers are in order, not letters: the eleventh message is no second', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 11 }, (_, at) => [
        [`llm.input_messages.${at}.message.role`, 'user'],
        [`llm.input_messages.${at}.message.content`, `m${at}`],
      ]).flat(),
    )
    const { body } = await one({ 'openinference.span.kind': 'LLM', ...many })
    const said = isArray(body['messages']) ? body['messages'].map((each) => fieldOf(each, 'content')) : []
    expect(said).toEqual(Array.from({ length: 11 }, (_, at) => `m${at}`))
  })

  test('a picture by its address; a recording is not read', async () => {
    const part = 'llm.input_messages.0.message.contents.0.message_content.'
    const base = { 'openinference.span.kind': 'LLM', 'llm.input_messages.0.message.role': 'user' }
    const picture = await one({ ...base, [`${part}type`]: 'image', [`${part}image.image.url`]: 'https://x/y.png' })
    expect(picture.body['messages']).toEqual([
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }] },
    ])
    expect(await one({ ...base, [`${part}type`]: 'audio' })).toMatchObject({ fidelity: 'metadata-only' })
  })

  test('the whole input where no messages were flattened, and nothing where it was hidden', async () => {
    const input = { 'openinference.span.kind': 'LLM', 'input.value': '{"messages":[{"role":"user","content":"Sun?"}]}' }
    expect((await one(input)).body['messages']).toEqual([{ role: 'user', content: 'Sun?' }])
    expect(await one({ ...input, 'input.value': '__REDACTED__' })).toMatchObject({
      fidelityReason: expect.stringMatching(/OPENINFERENCE_HIDE_INPUTS/),
    })
  })

  test('an answer that was hidden is none', async () => {
    const { recorded, body } = await one({ ...attributes, 'llm.output_messages.0.message.content': '__REDACTED__' })
    expect([recorded, body['messages']]).toEqual([null, messages])
  })

  test('chains and agents around it are left out, another LLM span around it is the same call', async () => {
    const records = await all(
      otlp(
        { spanId: 'b', parentSpanId: 'c', attributes },
        { spanId: 'c', parentSpanId: 'd', attributes: { 'openinference.span.kind': 'CHAIN' } },
        { spanId: 'd', attributes },
      ),
    )
    expect(records.map(({ callId }) => callId)).toEqual(['b'])
  })
})

describe('Traceloop', () => {
  const attributes: Attributes = {
    'llm.request.type': 'chat',
    'gen_ai.system': 'OpenAI',
    'gen_ai.request.model': 'gpt-x',
    'gen_ai.request.max_tokens': 20,
    'llm.is_streaming': false,
    'gen_ai.prompt.0.role': 'system',
    'gen_ai.prompt.0.content': 'Be kind',
    'gen_ai.prompt.1.role': 'user',
    'gen_ai.prompt.1.content': '[{"type":"text","text":"Sun?"}]',
    'gen_ai.prompt.2.role': 'assistant',
    'gen_ai.prompt.2.content': '',
    'gen_ai.prompt.2.tool_calls.0.id': 'k',
    'gen_ai.prompt.2.tool_calls.0.name': 'weather',
    'gen_ai.prompt.2.tool_calls.0.arguments': '{"city":"Rome"}',
    'gen_ai.prompt.3.role': 'tool',
    'gen_ai.prompt.3.tool_call_id': 'k',
    'gen_ai.prompt.3.content': 'Sun',
    'llm.request.functions.0.name': 'weather',
    'llm.request.functions.0.description': 'W',
    'llm.request.functions.0.parameters': '{"type":"object"}',
    'gen_ai.completion.0.role': 'assistant',
    'gen_ai.completion.0.content': 'Yes',
    'gen_ai.completion.0.finish_reason': 'stop',
    'gen_ai.usage.prompt_tokens': 20,
    'gen_ai.usage.completion_tokens': 2,
    'gen_ai.usage.cache_read_input_tokens': 5,
    'llm.usage.total_tokens': 22,
  }

  test('a whole call, with its workflow around it', async () => {
    const workflow = { spanId: 'w', attributes: { 'traceloop.span.kind': 'workflow', 'traceloop.entity.input': '{}' } }
    const records = await all(otlp({ spanId: 'a', parentSpanId: 'w', attributes }, workflow))
    expect(records).toMatchObject([
      {
        body: { model: 'gpt-x', messages, tools: [tool], max_tokens: 20 },
        fidelity: 'full',
        recorded: answer,
        recordedUsage: { input: 20, output: 2, cachedInput: 5 },
      },
    ])
  })

  test('content that was switched off', async () => {
    const kept = Object.fromEntries(
      Object.entries(attributes).filter(([key]) => !/^gen_ai\.(?:prompt|completion)/.test(key)),
    )
    expect(await one(kept)).toMatchObject({
      fidelity: 'metadata-only',
      fidelityReason: expect.stringMatching(/TRACELOOP_TRACE_CONTENT/),
      recordedUsage: { input: 20, output: 2 },
    })
  })

  test('the answer calls a tool', async () => {
    const { recorded } = await one({
      ...attributes,
      'gen_ai.completion.0.content': '',
      'gen_ai.completion.0.finish_reason': 'tool_use',
      'gen_ai.completion.0.tool_calls.0.name': 'weather',
      'gen_ai.completion.0.tool_calls.0.arguments': '{}',
    })
    expect(recorded).toMatchObject({ stop: 'tool', toolCalls: [{ name: 'weather', arguments: '{}' }] })
  })
})
