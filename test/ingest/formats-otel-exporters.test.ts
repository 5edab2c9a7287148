// Spans as exporters of one tool write them, and evaluations of calls, on spans and in the log.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { otelGenai } from '../../src/ingest/formats/otel-genai.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import { isObject, objectAt } from '../../src/providers/shape.ts'
import { temporaryFolder } from './files.ts'
import { type Attributes, otlp, otlpLogs } from './otlp.ts'
import { readLines, specimen } from './specimens.ts'

const folder = temporaryFolder()

async function one(...lines: readonly JsonObject[]) {
  const { records, reasons, format } = await readLines(folder, ...lines)
  expect([reasons, format, records.length]).toEqual([[], 'otel-genai', 1])
  const [record] = records
  if (record === undefined) throw new Error('no record')
  return record
}

test("a span of CloudWatch's, one a line with plain attributes", async () => {
  const span = specimen('otel-cloudwatch-span-made-from-schema.json')
  expect(await one(span)).toMatchObject({
    fidelity: 'metadata-only',
    recordedTiming: { totalMs: 1250 },
    recordedUsage: { input: 1980, output: 119 },
    segments: { service: 'agent', environment: 'prod' },
    cluster: expect.stringMatching(/^c-/),
  })
})

test("LangSmith's exporter: bytes that are the JSON of what LangChain logs", async () => {
  const bytes = (json: Json) => ({ bytesValue: Buffer.from(JSON.stringify(json)).toString('base64') })
  const human = {
    lc: 1,
    type: 'constructor',
    id: ['langchain', 'schema', 'messages', 'HumanMessage'],
    kwargs: { content: 'Hi' },
  }
  const ai = { lc: 1, type: 'constructor', id: ['x', 'AIMessage'], kwargs: { content: 'Hello' } }
  const attributes = [
    { key: 'langsmith.span.kind', value: { stringValue: 'llm' } },
    { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
    { key: 'gen_ai.request.model', value: { stringValue: 'gpt-x' } },
    { key: 'gen_ai.prompt', value: bytes({ messages: [[human]] }) },
    { key: 'gen_ai.completion', value: bytes({ generations: [[{ text: 'Hello', message: ai }]] }) },
  ]
  const spans = [{ traceId: 't', spanId: 'a', name: 'ChatOpenAI', attributes }]
  expect(await one({ resourceSpans: [{ scopeSpans: [{ spans }] }] })).toMatchObject({
    fidelity: 'full',
    body: { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] },
    recorded: { text: 'Hello' },
  })
})

test('a line of many spans holds no more than the line: their log records find them', async () => {
  const count = 400
  const ids = Array.from({ length: count }, (_, at) => `s${at}`)
  const filler = 'x'.repeat(2000)
  const spans = ids.map((spanId) => ({
    spanId,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.response.id': spanId, filler },
  }))
  const details = ids.map((spanId) => ({
    eventName: 'gen_ai.client.inference.operation.details',
    spanId,
    attributes: { 'gen_ai.input.messages': '[{"role":"user","content":"Hi"}]' },
  }))
  const { records, reasons } = await readLines(folder, otlp(...spans), otlpLogs(...details))
  expect(reasons).toEqual([])
  expect(new Set(records.map(({ callId }) => callId))).toEqual(new Set(ids))
  expect(records.filter(({ fidelity }) => fidelity === 'full')).toHaveLength(count)
})

describe('the same call in three dialects', () => {
  const names = ['otel_genai', 'otel_genai_deprecated', 'openinference'] as const
  const tool = '{"name":"get_weather","description":"W","parameters":{"type":"object"}}'
  const attributesOf = (name: string): Attributes => specimen(`openinference/${name}_client_span_tool_calls.json`)

  test.each(names)('%s: its tools are not described, so it is counted and not asked', async (name) => {
    expect(await one(otlp({ spanId: 'a', attributes: attributesOf(name) }))).toMatchObject({
      fidelity: 'metadata-only',
      fidelityReason: expect.stringMatching(/tools that the log does not describe/),
      recordedUsage: { input: 97, output: 52 },
    })
  })

  test.each(names)('%s: where they are described, the same chat and the same answer', async (name) => {
    const described = { 'gen_ai.tool.definitions': `[${tool}]`, 'llm.tools.0.tool.json_schema': tool }
    const record = await one(otlp({ spanId: 'a', attributes: { ...attributesOf(name), ...described } }))
    expect(record).toMatchObject({
      fidelity: 'full',
      body: {
        model: 'gpt-4',
        temperature: 0.5,
        top_p: 0.9,
        messages: [
          { role: 'user', content: 'Weather in Paris?' },
          {
            role: 'assistant',
            content: 'Absolutely! Let me check the weather for you.',
            tool_calls: [
              { id: '1234', type: 'function', function: { name: 'get_weather', arguments: '{"location":"Paris"}' } },
            ],
          },
          { role: 'tool', tool_call_id: '1234', content: 'rainy, 57°F' },
        ],
        tools: [{ type: 'function', function: { name: 'get_weather' } }],
      },
      recorded: { text: 'The weather in Paris is currently rainy with a temperature of 57°F.' },
      recordedUsage: { input: 97, output: 52 },
    })
  })
})

test("LiteLLM's spans for Langfuse", async () => {
  const { attributes, parent_span_id: _ } = specimen('litellm-langfuse-otel-span.json')
  const flat = isObject(attributes) ? attributes : {}
  // The exporter writes objects as JSON; its own test's file has them parsed.
  const written = Object.entries(flat).map(
    ([key, value]) => [key, isObject(value) ? JSON.stringify(value) : value] as const,
  )
  expect(await one(otlp({ spanId: 'a', attributes: Object.fromEntries(written) }))).toMatchObject({
    body: { model: 'gpt-3.5-turbo', messages: [{ role: 'user', content: 'Hello!' }] },
    fidelity: 'full',
    recorded: { text: 'Hello! How can I assist you today?' },
    recordedUsage: { input: 10, output: 20 },
    segments: { test_tag_stream: 'true', test_tag_2_stream: 'true' },
  })
  expect(objectAt(flat, 'langfuse.observation.input')).not.toBeNull()
})

describe('evaluations', () => {
  const evaluation: Attributes = {
    'gen_ai.evaluation.name': 'Relevance',
    'gen_ai.evaluation.score.value': 0.5,
    'gen_ai.evaluation.explanation': 'to the point',
  }
  const feedback = { name: 'Relevance', value: 0.5, comment: 'to the point' }

  const eventName = 'gen_ai.evaluation.result'
  const chat: Attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.response.id': 'r1',
    'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
  }

  test('of the answer that they name', () => {
    const attributes = { ...evaluation, 'gen_ai.response.id': 'r1' }
    const line = otlpLogs({ eventName, spanId: 'judge', attributes })
    expect(otelGenai.read(line)).toEqual([{ kind: 'opinion', about: 'r1', feedback }])
  })

  test('of the span, which has another name for its answer', async () => {
    const judged = otlpLogs({ eventName, spanId: 'a', attributes: evaluation })
    for (const lines of [
      [judged, otlp({ spanId: 'a', attributes: chat })],
      [otlp({ spanId: 'a', attributes: chat }), judged],
    ]) {
      expect(await one(...lines)).toMatchObject({ callId: 'r1', feedback: [feedback] })
    }
  })

  test('of a span that is in no file, or was read before: by its name', () => {
    const [entry] = otelGenai.read(otlpLogs({ eventName, spanId: 'a', attributes: evaluation }))
    const row = entry?.kind === 'row' ? entry.row : null
    expect(entry?.place).toBeUndefined()
    expect(otelGenai.assemble([row])).toEqual({ kind: 'opinion', about: 'a', feedback })
  })

  test('on the span itself', () => {
    const events = [{ name: 'gen_ai.evaluation.result', attributes: evaluation }]
    const line = otlp({ spanId: 'a', attributes: { 'gen_ai.response.id': 'r1' }, events })
    expect(otelGenai.read(line)[1]).toEqual({ kind: 'opinion', about: 'r1', feedback })
  })

  test('without a score, or of nobody', () => {
    for (const line of [
      otlpLogs({ eventName, spanId: 'a', attributes: { 'gen_ai.response.id': 'r1' } }),
      otlpLogs({ eventName, spanId: null, attributes: evaluation }),
    ]) {
      expect(otelGenai.read(line)).toMatchObject([{ kind: 'left-out' }])
    }
  })
})

test('any JSON in any attribute gives a chat, or a reason', () => {
  const words = `gen_ai.operation.name gen_ai.input.messages gen_ai.output.messages gen_ai.system_instructions
    gen_ai.tool.definitions gen_ai.prompt gen_ai.completion gen_ai.prompt.0.content gen_ai.prompt.0.role
    gen_ai.request.model gen_ai.request.stop_sequences gen_ai.usage.output_tokens llm.input_messages.0.message.role
    llm.input_messages.0.message.contents.0 llm.tools.0.tool.json_schema llm.invocation_parameters input.value
    openinference.span.kind ai.operationId ai.prompt ai.prompt.messages ai.prompt.tools ai.response.toolCalls ai.schema
    langfuse.observation.type langfuse.observation.input langfuse.observation.model.parameters`.split(/\s+/)
  const { node } = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(null, 'x', 7, 'chat', 'LLM', 'user', 'generation', 'ai.generateText', 'tool-call', '[{}]'),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(...'role content parts type text messages kwargs generations'.split(' ')),
        tie('node'),
        {
          maxKeys: 4,
        },
      ),
    ),
  }))
  const isSound = (attributes: Attributes): boolean =>
    otelGenai.read(otlp({ spanId: 'a', attributes })).every((entry) => {
      const whole = entry.kind === 'row' ? otelGenai.assemble([entry.row]) : entry
      return whole.kind !== 'whole' || whole.exchange.body === null || openaiChat.accepts(whole.exchange.body)
    })
  const { failed, counterexample } = fc.check(fc.property(fc.dictionary(fc.constantFrom(...words), node), isSound), {
    numRuns: 1000,
  })
  expect([failed, counterexample]).toEqual([false, null])
})
