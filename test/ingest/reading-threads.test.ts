// Lines read on other threads: the same as without them, and no thread outlives its ingest.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LogFile } from '../../src/ingest/find.ts'
import { azureApim } from '../../src/ingest/formats/azure-apim.ts'
import { langfuse } from '../../src/ingest/formats/langfuse.ts'
import { type IngestOptions, ingest } from '../../src/ingest/ingest.ts'
import { answer, exchange, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'

/** Every thread that this file's tests have started: Node tells of each on this channel. */
const started: Worker[] = []
const note = (message: unknown) => void started.push((message as { readonly worker: Worker }).worker)
beforeAll(() => subscribe('worker_threads', note))
afterAll(() => unsubscribe('worker_threads', note))
/** A thread that has ended has no number of its own. */
const alive = () => started.filter(({ threadId }) => threadId !== -1)

const folder = temporaryFolder()
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
const filler = 'On the nature of things, once more. '.repeat(110)

/** About 25 MB: every seventh question recurs, every ninth line is bad in one of many ways, and a few are long. */
function mixedLines(): string {
  const bad = [
    '{"request": {"model": "gpt-x", "messages": [',
    'null',
    `{"request":{"model":"gpt-x","messages":[],"metadata":${deep}},"response":null}`,
    '{"request":{"model":"gpt-x","messages":[{"role":"user","content":"mail me: anna@example.org"',
    '{"request":{"model":"gpt-x","messages":[{"role":"user","content":"a\0b"}]}}',
  ]
  const lines = Array.from({ length: 2200 }, (_, at) => {
    if (at % 9 === 0) return bad[(at / 9) % bad.length]
    if (at % 500 === 1) return JSON.stringify(exchange(`${at}${'x'.repeat(2_300_000)}`))
    const question = at % 7 === 0 ? 'the same again?' : `${at}: who is ${at}@example.org? `
    return JSON.stringify(exchange(question + filler, { user: `u${at % 40}`, segments: { team: `t${at % 3}` } }))
  })
  return `${lines.join('\r\n')}\n${'y'.repeat(6_100_000)}\n${JSON.stringify(exchange('after all of it'))}`
}

const batchLine = (at: number) => ({
  custom_id: `c${at}`,
  method: 'POST',
  url: '/v1/chat/completions',
  body: request(at % 5 === 0 ? 'alike' : `batch ${at} ${filler}`),
})
const batchAnswer = (at: number) => ({
  custom_id: `c${at}`,
  response: { status_code: 200, body: answer(`answer ${at}`) },
  error: null,
})
/** One of ten requests has no answer, and one of ten answers no request. */
const numbers = Array.from({ length: 600 }, (_, at) => at)

const apimRow = (at: number) => ({ ...azureApim.specimens[0].line, CorrelationId: `call ${at}` })

/** Every second call stands around the next one. */
const nested = (at: number) => ({
  ...langfuse.specimens[0].line,
  id: `g${at}`,
  type: at % 50 === 0 ? 'SPAN' : 'GENERATION',
  parent_observation_id: at % 2 === 1 ? `g${at - 1}` : null,
  input: JSON.stringify([{ role: 'user', content: `nested ${at}` }]),
})

let files: readonly LogFile[] = []
beforeAll(() => {
  const cutReply = `{"custom_id":"c1","response":{"status_code":200,"body":${deep}},"error":null}\n`
  const deepRow = JSON.stringify({ ...apimRow(1000), RequestMessages: '@' }).replace('"@"', deep)
  files = [
    writeLog(folder, '1-mixed.jsonl', mixedLines()),
    writeLog(folder, '2-requests.jsonl', jsonl(...numbers.filter((at) => at % 10 !== 3).map(batchLine))),
    writeLog(
      folder,
      '3-answers.jsonl',
      cutReply + jsonl(...numbers.filter((at) => at > 1 && at % 10 !== 7).map(batchAnswer)),
    ),
    writeLog(folder, '4-rows.jsonl', `${jsonl(...numbers.map(apimRow))}${deepRow}\n`),
    writeLog(folder, '5-nested.jsonl', jsonl(...numbers.map(nested))),
  ]
})

const options = { maxLineBytes: 6_000_000 } satisfies Partial<IngestOptions>

test('records, ids, rejections, summaries and their order are those of one thread', { timeout: 120_000 }, async () => {
  const alone = await readAll(files, options)
  expect(started, 'no thread was asked for').toHaveLength(0)
  const reasons = new Set(alone.rejected.map(({ reason }) => reason.replaceAll(/\d+/g, '#')))
  expect([...reasons]).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^not JSON/),
      'no `request` with the body of a model call',
      'its JSON nests too deeply',
      'longer than the limit: # bytes',
      'an answer whose request is in none of the files',
    ]),
  )
  expect(alone.records.filter(({ id }) => id.includes('-')).length).toBeGreaterThan(300)
  expect(alone.files.map(({ format, rejected }) => [format, rejected > 0])).toEqual([
    ['request-response', true],
    ['openai-batch', false],
    ['openai-batch', true],
    ['azure-apim', true],
    ['langfuse', false],
  ])
  expect(alone.files.at(-1)).toMatchObject({ records: 300, leftOut: 300 })
  for (const threads of [1, 3]) {
    const before = started.length
    const shared = await readAll(files, { ...options, threads })
    expect(started).toHaveLength(before + threads)
    expect(shared.files).toEqual(alone.files)
    expect(shared.rejected).toEqual(alone.rejected)
    expect(shared.records.map(({ id }) => id)).toEqual(alone.records.map(({ id }) => id))
    expect(shared.text === alone.text, `all of it with ${threads} threads`).toBe(true)
    expect(alive(), 'the threads end with the ingest').toEqual([])
  }
})

describe('an ingest that does not come to its end', () => {
  /** Reads on until there are threads. */
  async function begun() {
    const before = started.length
    const events = ingest({ files, salt: 'salt', threads: 2, ...options })
    while (started.length === before) {
      const { done } = await events.next()
      if (done === true) throw new Error('it ended without threads')
    }
    return events
  }
  const readOn = async (events: ReturnType<typeof ingest>) => {
    for await (const _ of events);
  }

  test('left in the middle, leaves no thread behind', async () => {
    const events = await begun()
    expect(alive()).toHaveLength(2)
    await events.return()
    expect(alive()).toEqual([])
  })

  test.each<[string, (thread: Worker | undefined) => unknown, RegExp]>([
    ['that ends', (thread) => thread?.terminate(), /a thread that reads lines ended with status 1/],
    ['that throws', (thread) => thread?.postMessage('no chunk', []), /not iterable|undefined/],
  ])('a thread %s is an error and no hang', async (_, harm, message) => {
    const events = await begun()
    await harm(alive()[0])
    await expect(readOn(events)).rejects.toThrow(message)
    expect(alive()).toEqual([])
  })
})
