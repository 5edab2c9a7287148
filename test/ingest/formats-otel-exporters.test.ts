// Spans as exporters of one tool write them, and evaluations of calls, on spans and in the log.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { otelGenai } from '../../src/ingest/formats/otel-genai.ts'
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

  test.each<[string, JsonObject, string]>([
    [
      'by the answer that they name',
      otlpLogs({
        eventName: 'gen_ai.evaluation.result',
        spanId: 'a',
        attributes: { ...evaluation, 'gen_ai.response.id': 'r1' },
      }),
      'r1',
    ],
    ['by the span', otlpLogs({ eventName: 'gen_ai.evaluation.result', spanId: 'a', attributes: evaluation }), 'a'],
  ])('%s', (_, line, about) => {
    expect(otelGenai.read(line)).toEqual([{ kind: 'opinion', about, feedback }])
  })

  test('on the span itself', () => {
    const events = [{ name: 'gen_ai.evaluation.result', attributes: evaluation }]
    const line = otlp({ spanId: 'a', attributes: { 'gen_ai.response.id': 'r1' }, events })
    expect(otelGenai.read(line)[1]).toEqual({ kind: 'opinion', about: 'r1', feedback })
  })

  test('without a score, or of nobody', () => {
    const eventName = 'gen_ai.evaluation.result'
    for (const line of [
      otlpLogs({ eventName, spanId: 'a', attributes: {} }),
      otlpLogs({ eventName, spanId: null, attributes: evaluation }),
    ]) {
      expect(otelGenai.read(line)).toMatchObject([{ kind: 'left-out' }])
    }
  })
})
