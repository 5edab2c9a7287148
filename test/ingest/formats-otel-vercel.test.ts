// The AI SDK of Vercel, traced by its own telemetry: a span around the whole, and one around each call to a provider.

import { describe, expect, test } from 'vitest'
import { type Attributes, otlp } from './otlp.ts'
import { all, answer, messages, one, tool } from './told-chat.ts'

describe('the AI SDK of Vercel', () => {
  const inner: Attributes = {
    'ai.operationId': 'ai.streamText.doStream',
    'ai.model.id': 'gpt-x',
    'ai.telemetry.functionId': 'support',
    'ai.telemetry.metadata.userId': 'u1',
    'ai.telemetry.metadata.tier': 'gold',
    'ai.prompt.messages': JSON.stringify([
      { role: 'system', content: 'Be kind' },
      { role: 'user', content: [{ type: 'text', text: 'Sun?' }] },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'k', toolName: 'weather', input: { city: 'Rome' } }],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'k', toolName: 'weather', output: { type: 'text', value: 'Sun' } },
        ],
      },
    ]),
    'ai.prompt.tools': [
      JSON.stringify({ type: 'function', name: 'weather', description: 'W', inputSchema: { type: 'object' } }),
    ],
    'ai.prompt.toolChoice': '{"type":"auto"}',
    'gen_ai.system': 'openai',
    'gen_ai.request.model': 'gpt-x',
    'gen_ai.request.temperature': 0.5,
    'ai.response.text': 'Yes',
    'ai.response.finishReason': 'stop',
    'ai.response.msToFirstChunk': 120.5,
    'ai.response.id': 'r1',
    'ai.usage.inputTokens': '20',
    'ai.usage.outputTokens': '2',
    'ai.usage.cachedInputTokens': 5,
  }
  const outer: Attributes = {
    'ai.operationId': 'ai.streamText',
    'ai.model.id': 'gpt-x',
    'ai.prompt': '{"system":"Be kind","prompt":"Sun?"}',
  }

  test('the call to the provider counts, not the call around it', async () => {
    const [record, ...more] = await all(
      otlp({ spanId: 'o', attributes: outer }, { spanId: 'i', parentSpanId: 'o', attributes: inner }),
      otlp({
        spanId: 't',
        parentSpanId: 'o',
        attributes: { 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'weather' },
      }),
    )
    expect(more).toEqual([])
    const [system, user, asks, result] = messages
    expect(record).toMatchObject({
      body: {
        model: 'gpt-x',
        messages: [system, user, { ...asks, content: null }, result],
        tools: [tool],
        temperature: 0.5,
        tool_choice: 'auto',
        stream: true,
      },
      fidelity: 'full',
      recorded: answer,
      recordedTiming: { firstTokenMs: 120.5, totalMs: 2000.5 },
      recordedUsage: { input: 20, output: 2, cachedInput: 5 },
      callId: 'r1',
      segments: { function: 'support', tier: 'gold' },
      cluster: expect.stringMatching(/^u-/),
    })
  })

  test('of an object the outer call counts, which has the schema', async () => {
    const records = await all(
      otlp(
        {
          spanId: 'o',
          attributes: {
            ...outer,
            'ai.operationId': 'ai.generateObject',
            'ai.schema': '{"type":"object"}',
            'ai.schema.name': 'weather',
            'ai.response.object': '{"sun":true}',
            'ai.settings.maxOutputTokens': 50,
          },
        },
        {
          spanId: 'i',
          parentSpanId: 'o',
          attributes: {
            ...inner,
            'ai.operationId': 'ai.generateObject.doGenerate',
            'ai.response.object': '{"sun":true}',
          },
        },
      ),
    )
    expect(records).toMatchObject([
      {
        callId: 'o',
        body: {
          messages: messages.slice(0, 2),
          max_tokens: 50,
          response_format: { type: 'json_schema', json_schema: { name: 'weather', schema: { type: 'object' } } },
        },
        recorded: { text: '{"sun":true}' },
      },
    ])
  })

  test('inputs that were not recorded', async () => {
    expect(await one({ 'ai.operationId': 'ai.generateText', 'ai.model.id': 'gpt-x' })).toMatchObject({
      fidelity: 'metadata-only',
      fidelityReason: expect.stringMatching(/recordInputs/),
    })
  })
})
