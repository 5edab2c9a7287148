// Names and keys planted wherever a log has room for them: none of them comes out again.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { answer, exchange, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const person = 'planted-person'
const key = `sk-proj-${'pLaNt3d0'.repeat(5)}`
const header = 'Basic cGxhbnRlZDpoZWFkZXI='

async function outputOf(content: string) {
  return readAll([writeLog(folder, 'planted.jsonl', content)])
}

function expectClean(text: string) {
  expect(text).not.toContain(person)
  expect(text).not.toContain('pLaNt3d0')
  expect(text).not.toContain('cGxhbnRl')
}

const plantedLines: readonly (readonly [string, JsonObject, number])[] = [
  ['the line', exchange('Hi', { user: person, userId: person, conversation_id: person, session: { id: person } }), 0],
  [
    'the body',
    {
      request: request('Hi', {
        user: person,
        safety_identifier: person,
        prompt_cache_key: person,
        metadata: { user_id: person, email: person },
      }),
    },
    0,
  ],
  [
    'the metadata',
    exchange('Hi', {
      metadata: { user: person, session_id: person, ip: person, note: `key ${key}`, 'x-api-key': key },
    }),
    1,
  ],
  ['a message', { request: request(`key ${key}`), response: answer('ok') }, 1],
  ['the answer', { request: request('Hi'), response: answer(`key ${key}`) }, 1],
  ['feedback', exchange('Hi', { feedback: [{ name: 'a', value: 1, comment: `Bearer ${key}` }] }), 1],
  ['headers beside', exchange('Hi', { headers: { authorization: header, cookie: person } }), 0],
  [
    'an envelope',
    {
      request: {
        method: 'POST',
        url: `https://x.test/?key=${key}`,
        headers: { Authorization: header },
        body: JSON.stringify(request('Hi', { user: person })),
      },
      response: { status: 200, headers: { 'set-cookie': person }, body: answer('ok') },
    },
    0,
  ],
  [
    'headers in the body',
    { request: request('Hi', { extra_headers: { Authorization: header, 'X-Api-Key': 'x' } }) },
    2,
  ],
]

describe('a record keeps no name and no key', () => {
  test.each(plantedLines)('%s', async (_, line, keys) => {
    const { records, text, files } = await outputOf(jsonl(line))
    expect(records).toHaveLength(1)
    expectClean(text)
    expect(files[0]?.keysRemoved).toBe(keys)
  })

  test('a key in the request takes its vote', async () => {
    const { records } = await outputOf(jsonl({ request: request(`key ${key}`) }))
    expect(records[0]?.fidelity).toBe('redacted')
  })

  test('halves of a batch', async () => {
    const body: Json = request(`key ${key}`, { user: person, metadata: { user_id: person } })
    const { records, text, files } = await outputOf(
      jsonl(
        { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body },
        { id: '1', custom_id: 'a', response: { status_code: 200, body: answer(`again ${key}`) }, error: null },
      ),
    )
    expect(records).toHaveLength(1)
    expectClean(text)
    expect(files[0]?.keysRemoved).toBe(2)
  })
})

describe('a rejected line shows no name and no key', () => {
  const broken = [
    ...plantedLines.map(([, line]) => JSON.stringify(line).slice(0, -1)),
    ...plantedLines.map(([, line]) => `${JSON.stringify(line)} ${key}`),
    `{"user":"${person}" oops "${key}"}`,
    key,
    `user=${person} key=${key}`,
    `{"level":"info","user_id":"${person}","msg":"${key}"}`,
    `{"custom_id":"a","response":{"status_code":200,"body":{}},"user":"${person}"}`,
    `{"custom_id":"a","url":"/v1/x?api_key=${key}","body":{"user":"${person}"}}`,
    `{"custom_id":"a","url":"/v1/${key}","body":{}}`,
  ]

  const openings = [exchange('Hi'), { custom_id: 'z', url: '/v1/chat/completions', body: request('Hi') }]

  test.each(broken.flatMap((line) => openings.map((opening) => [line, opening] as const)))(
    '%s',
    async (line, opening) => {
      const { rejected, text } = await outputOf(`${JSON.stringify(opening)}\n${line}`)
      expect(rejected).toHaveLength(1)
      expectClean(text)
    },
  )
})
