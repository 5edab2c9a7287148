// Langfuse: the traces of six frameworks give the chat that Langfuse itself reads from them, and rows what they say.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject, Reply } from '../../src/core/types.ts'
import { langfuse } from '../../src/ingest/formats/langfuse.ts'
import { formats } from '../../src/ingest/index.ts'
import type { CapturedExchange, LogEntry } from '../../src/ingest/log-format.ts'
import { createNesting } from '../../src/ingest/nesting.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import { arrayAt, fieldOf, objectAt, textAt } from '../../src/providers/shape.ts'
import { temporaryFolder } from './files.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const specimens = join(import.meta.dirname, 'specimens/langfuse')
const readJson = (name: string): JsonObject => JSON.parse(readFileSync(join(specimens, name), 'utf8'))
const framework = (name: string): { readonly trace: JsonObject; readonly expected: JsonObject } => {
  const file = readdirSync(specimens).find((each) => each.startsWith(name) && each.endsWith('.trace.json'))
  const stem = file?.replace('.trace.json', '') ?? name
  return { trace: readJson(`${stem}.trace.json`), expected: readJson(`${stem}.chatml.json`) }
}

function exchangeOf(entry: LogEntry | undefined): CapturedExchange {
  if (entry?.kind !== 'whole') throw new Error(`not whole: ${JSON.stringify(entry)}`)
  return entry.exchange
}

const replyOf = (exchange: CapturedExchange): Reply | null => openaiChat.reply(exchange.response)

/** A message as both sides can be compared: who says it, what, and which tools it calls with what. */
interface Said {
  readonly role: string | null
  readonly content: Json
  readonly calls: readonly { readonly name: string | null; readonly arguments: string | null }[]
  readonly answers: string | null
}

const saidOf = (message: Json): Said => ({
  role: textAt(message, 'role'),
  content: fieldOf(message, 'content') ?? '',
  calls: arrayAt(message, 'tool_calls').map((call) => {
    const called = objectAt(call, 'function') ?? call
    return { name: textAt(called, 'name'), arguments: textAt(called, 'arguments') }
  }),
  answers: textAt(message, 'tool_call_id'),
})

const chatOf = ({ body }: CapturedExchange) => arrayAt(body, 'messages').map(saidOf)
const toolsOf = ({ body }: CapturedExchange) =>
  arrayAt(body, 'tools').map((tool) => {
    const declared = objectAt(tool, 'function')
    return [textAt(declared, 'name'), textAt(declared, 'description'), fieldOf(declared, 'parameters') ?? null]
  })

/** What Langfuse expects of one side of an observation. */
const expectedOf = (expected: Json, id: string, side: 'input' | 'output') =>
  arrayAt(objectAt(objectAt(expected, id), side), 'data')
const expectedTools = (expected: Json, id: string, side: 'input' | 'output' = 'input') =>
  arrayAt(expectedOf(expected, id, side)[0], 'tools').map((tool) => [
    textAt(tool, 'name'),
    textAt(tool, 'description'),
    fieldOf(tool, 'parameters') ?? null,
  ])

/** The reply that Langfuse expects, as our reader would give it. */
const expectedReply = (message: Json | undefined) => {
  const { content, calls } = saidOf(message ?? null)
  return { text: content, toolCalls: calls }
}

/** The calls of a trace that count, in the order in which they are read. */
function callsIn(trace: Json): readonly LogEntry[] {
  const entries = langfuse.read(trace)
  const nesting = createNesting()
  for (const entry of entries) nesting.add(entry)
  const isSuperseded = nesting.superseded()
  return entries.filter(({ kind, place }) => kind === 'whole' && (place === undefined || !isSuperseded(place)))
}
const readTrace = (trace: Json) => callsIn(trace).map(exchangeOf)

describe('six frameworks', () => {
  test.each([
    ['agno', 2],
    ['crewai', 1],
    ['google-adk', 2],
    ['langgraph', 2],
    ['openai-agents', 2],
    ['pydantic-ai', 1],
  ])('%s: every call once, as a whole chat', async (name, count) => {
    const { trace } = framework(name)
    expect(formats.filter((each) => each.recognises(trace)).map((each) => each.name)).toEqual(['langfuse'])
    const calls = readTrace(trace)
    expect(calls).toHaveLength(count)
    for (const call of calls) {
      expect(openaiChat.accepts(call.body)).toBe(true)
      expect(textAt(call.body, 'model')).toMatch(/^(gpt|gemini)-/)
      expect((replyOf(call)?.usage ?? call.usage)?.output).toBeGreaterThan(0)
      expect(call.timing?.totalMs).toBeGreaterThan(500)
      expect(call.timing?.firstTokenMs).toBeNull()
    }
    const { records, reasons } = await readLines(folder, trace)
    expect(reasons).toEqual([])
    expect(records.map(({ callId }) => callId)).toEqual(calls.map(({ callId }) => callId))
    for (const record of records) {
      expect(record).toMatchObject({ fidelity: 'full', traceId: expect.stringMatching(/./) })
      expect(record.recordedUsage?.output).toBeGreaterThan(0)
      expect(record.recorded?.stop).toMatch(/./)
    }
  })

  test('langgraph gives the chat, its tools and its answers', () => {
    const { trace, expected } = framework('langgraph')
    for (const call of readTrace(trace)) {
      const id = call.callId ?? ''
      expect(chatOf(call)).toEqual(expectedOf(expected, id, 'input').map(saidOf))
      expect(toolsOf(call)).toEqual(expectedTools(expected, id))
      expect(replyOf(call)).toMatchObject(expectedReply(expectedOf(expected, id, 'output')[0]))
      expect(fieldOf(call.body, 'temperature')).toBe(0)
    }
  })

  test('openai-agents gives the chat behind the instructions, which Langfuse leaves out', () => {
    const { trace, expected } = framework('openai-agents')
    for (const call of readTrace(trace)) {
      const id = call.callId ?? ''
      const [system, ...chat] = chatOf(call)
      expect(system).toMatchObject({ role: 'system', content: 'You are a helpful agent.' })
      expect(chat).toEqual(expectedOf(expected, id, 'input').map(saidOf))
      const [answer] = expectedOf(expected, id, 'output')
      expect(replyOf(call)).toMatchObject(expectedReply(answer))
      // It has no description, which Langfuse shows as an empty one.
      expect(toolsOf(call)).toEqual(expectedTools(expected, id, 'output'))
      expect(call.body).toMatchObject({ temperature: 1, top_p: 1, tool_choice: 'auto', parallel_tool_calls: true })
    }
  })

  test("google-adk gives the chat in a chat's words: the model is the assistant, a result is the tool's", () => {
    const { trace, expected } = framework('google-adk')
    const inWords = (message: Said, at: number, chat: readonly Said[]): Said => {
      const isResult = (chat[at - 1]?.calls.length ?? 0) > 0
      const role = message.role === 'model' ? 'assistant' : isResult ? 'tool' : message.role
      return { ...message, role, answers: isResult ? 'call_1' : null }
    }
    for (const call of readTrace(trace)) {
      const id = call.callId ?? ''
      expect(chatOf(call)).toEqual(expectedOf(expected, id, 'input').map(saidOf).map(inWords))
      expect(toolsOf(call)).toEqual(expectedTools(expected, id))
      expect(replyOf(call)).toMatchObject(expectedReply(expectedOf(expected, id, 'output')[0]))
      expect(replyOf(call)?.stop).toBe(replyOf(call)?.toolCalls.length === 0 ? 'end' : 'tool')
    }
  })

  test('crewai gives the chat, and the text that came back', () => {
    const { trace, expected } = framework('crewai')
    const [call] = readTrace(trace)
    if (call === undefined) throw new Error('no call')
    expect(chatOf(call)).toEqual(expectedOf(expected, '231c43964b7e7e63', 'input').map(saidOf))
    expect(replyOf(call)?.text).toMatch(/^I now can give a great answer {2}\nFinal Answer: \n```html/)
    expect(call.body).toMatchObject({ model: 'gpt-4o-mini', stop: ['\nObservation:'] })
    expect(Object.hasOwn(call.body ?? {}, 'stream')).toBe(false)
  })

  test('pydantic-ai gives the chat, who asked and in which session', () => {
    const { trace, expected } = framework('pydantic-ai')
    const [call] = readTrace(trace)
    if (call === undefined) throw new Error('no call')
    expect(chatOf(call)).toEqual(expectedOf(expected, '5cb389a3bdd21a6e', 'input').map(saidOf))
    const answer = objectAt(expectedOf(expected, '5cb389a3bdd21a6e', 'output')[0], 'json')
    expect(replyOf(call)).toMatchObject(expectedReply(objectAt(answer, 'message') ?? undefined))
    expect(call.usage).toMatchObject({ input: 31, output: 96 })
    expect(call).toMatchObject({
      user: 'user_123',
      conversation: 'session_abc',
      segments: { environment: 'default', dev: 'true', 'pydantic-ai': 'true' },
      capturedAt: '2025-06-06T14:40:28.562Z',
      timing: { totalMs: 4794 },
    })
  })

  test('agno gives from Python text as many messages as Langfuse counts, and the generation that flattens them gives way', () => {
    const { trace, expected } = framework('agno')
    const calls = readTrace(trace)
    for (const call of calls) {
      const id = call.callId ?? ''
      expect(arrayAt(call.body, 'messages')).toHaveLength(expectedOf(expected, id, 'input').length)
      expect(toolsOf(call)).toEqual(expectedTools(expected, id))
      expect(replyOf(call)).toMatchObject(expectedReply(expectedOf(expected, id, 'output')[0]))
    }
    const long = calls.find((call) => chatOf(call).length === 4)
    const [system, user, asks, result] = long === undefined ? [] : chatOf(long)
    expect(system).toMatchObject({
      role: 'system',
      content: '<additional_information>\n- Use markdown to format your answers.\n</additional_information>',
    })
    expect(user).toMatchObject({ role: 'user', content: 'What is currently trending on Twitter?' })
    const called = { name: 'duckduckgo_search', arguments: '{"query":"currently trending on Twitter"}' }
    expect(asks).toMatchObject({ role: 'assistant', calls: [called] })
    expect(result).toMatchObject({ role: 'tool', answers: 'call_VybxG748CQId8Xxo6wb2pWy1' })
    // What the tool found is JSON, and the span of the tool has the same.
    const span = arrayAt(trace, 'observations').find((each) => textAt(each, 'name') === 'duckduckgo_search')
    const found = typeof result?.content === 'string' ? result.content : ''
    expect(JSON.parse(found)).toEqual(JSON.parse(textAt(span, 'output') ?? ''))
  })
})

describe('traces', () => {
  const observation = (id: string, parentObservationId: string | null, rest: JsonObject = {}): JsonObject => ({
    id,
    traceId: 't',
    parentObservationId,
    type: 'GENERATION',
    startTime: '2026-09-01T10:00:00.000Z',
    input: id,
    output: 'x',
    ...rest,
  })
  const namesIn = (...observations: readonly JsonObject[]) =>
    callsIn({ trace: { id: 't' }, observations }).map((entry) => {
      const { body, callId } = exchangeOf(entry)
      return body === null ? `${callId} lost` : callId
    })

  test.each<[string, readonly JsonObject[], readonly Json[]]>([
    [
      'the innermost, through a span',
      [observation('a', null), observation('s', 'a', { type: 'SPAN' }), observation('b', 's')],
      ['b'],
    ],
    [
      'the outer one for an inner one that is flattened',
      [observation('a', null), observation('b', 'a', { input: 'user: x' })],
      ['a'],
    ],
    [
      'no agent for calls that cannot be read',
      [observation('a', null), observation('b', 'a', { input: null }), observation('c', 'a', { input: null })],
      ['b lost', 'c lost'],
    ],
    ['parents in a circle', [observation('a', 'b'), observation('b', 'a')], ['a', 'b']],
    ['a parent that is not there', [observation('a', 'z')], ['a']],
    ['no call at all', [observation('a', null, { type: 'AGENT' })], []],
  ])('%s', (_, observations, expected) => {
    expect(namesIn(...observations)).toEqual(expected)
  })

  test('what people said goes to the call or the trace that it is about, and an evaluator is nobody', () => {
    const no = { name: 'ok', value: 0, dataType: 'BOOLEAN', source: 'API', traceId: 't', observationId: 'b' }
    const scores = [no, { ...no, source: 'EVAL' }, { ...no, observationId: null }]
    const entries = langfuse.read({ trace: { id: 't', scores }, observations: [observation('a', null)] })
    const feedback = { name: 'ok', value: -1, comment: null }
    expect(entries.slice(1)).toMatchObject([
      { kind: 'opinion', about: 'b', feedback },
      { kind: 'left-out' },
      { kind: 'opinion', about: 't', feedback },
    ])
  })
})
