// Names and keys planted wherever a log has room for them: none of them comes out again.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { answer, exchange, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const person = 'planted-person'
const key = `sk-proj-${'pLaNt3d0'.repeat(5)}`
const header = 'Basic cGxhbnRlZDpoZWFkZXI='

/** Personal data, one of each kind, and the piece of each that must not come out again. */
const personal = {
  email: 'planted.mail@example.com',
  phone: '+1 415 555 2671',
  iban: 'DE89 3704 0044 0532 0130 00',
  card: '4111-1111-1111-1111',
  ip: '203.0.113.77',
  ssn: '078-05-1120',
}
const personalText = Object.values(personal).join(', ')
const kinds = Object.keys(personal)

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

const withTool = {
  model: 'gpt-x-1',
  choices: [
    {
      index: 0,
      message: {
        content: personalText,
        tool_calls: [
          { id: 'c', type: 'function', function: { name: 'send', arguments: JSON.stringify({ to: personalText }) } },
        ],
      },
      finish_reason: 'tool_calls',
    },
  ],
}

/** Each place of a log, and how often personalText stands there in what is kept. */
const places: readonly (readonly [string, JsonObject, number])[] = [
  ['a message', exchange('Hi', { request: request(personalText) }), 1],
  [
    'parts of a message',
    exchange('Hi', {
      request: request('', { messages: [{ role: 'user', content: [{ type: 'text', text: personalText }] }] }),
    }),
    1,
  ],
  [
    'a system prompt and a tool',
    exchange('Hi', {
      request: request('Hi', { tools: [{ type: 'function', function: { name: 'f', description: personalText } }] }),
    }),
    1,
  ],
  ['a field name', exchange('Hi', { request: request('Hi', { metadata: { [personalText]: 'x' } }) }), 1],
  ['the answer and its tool call', { request: request('Hi'), response: withTool }, 2],
  ['feedback', exchange('Hi', { feedback: [{ name: personalText, value: 1, comment: personalText }] }), 2],
  ['segments', exchange('Hi', { metadata: { note: personalText, [personalText]: 'x' } }), 2],
]

function expectNothingPersonal(text: string) {
  for (const value of Object.values(personal)) expect(text).not.toContain(value)
  // However it was escaped or spaced.
  for (const digits of ['planted.mail', '5552671', '555 2671', '0532 0130', '1111-1111', '203.0.113', '078-05']) {
    expect(text).not.toContain(digits)
  }
}

describe('personal data', () => {
  test.each(places)('in %s is replaced and counted', async (_, line, times) => {
    const { records, text, files } = await outputOf(jsonl(line))
    expect(records).toHaveLength(1)
    expectNothingPersonal(text)
    expect(files[0]?.personalData).toEqual(Object.fromEntries(kinds.map((kind) => [kind, times])))
    expect(files[0]?.personalRecords).toBe(1)
    expect(records[0]?.fidelity).toBe('full')
  })

  test('in an error', async () => {
    const { records, text } = await outputOf(
      jsonl(
        { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body: request('Hi', { user: personal.email }) },
        { id: '1', custom_id: 'a', response: null, error: { code: personalText, message: personalText } },
      ),
    )
    expectNothingPersonal(text)
    expect(records[0]?.recordedError?.message).toContain('[card-')
  })

  test('costs no vote, and its record says how much there was', async () => {
    const { records } = await outputOf(jsonl(exchange(personal.email), exchange('plain')))
    expect(records.map(({ fidelity, fidelityReason }) => [fidelity, fidelityReason])).toEqual([
      ['full', '1 piece of personal data was replaced'],
      ['full', null],
    ])
  })

  test('is one placeholder in all records, so that a request recurs as before', async () => {
    const { records, files } = await outputOf(jsonl(exchange(personal.email), exchange(personal.email.toUpperCase())))
    expect(records[1]?.id).toBe(`${records[0]?.id}-1`)
    expect(files[0]?.recurring).toBe(1)
  })

  test('in both halves of a batch', async () => {
    const { records, text, files } = await outputOf(
      jsonl(
        { custom_id: personalText, method: 'POST', url: '/v1/chat/completions', body: request(personalText) },
        { id: '1', custom_id: personalText, response: { status_code: 200, body: answer(personalText) }, error: null },
      ),
    )
    expect(records).toHaveLength(1)
    expectNothingPersonal(text)
    expect(records[0]?.callId).toMatch(/^\[email-[0-9a-f]{6}\], \[phone-/)
    // The request, its name and the answer.
    expect(files[0]?.personalData['email']).toBe(3)
  })

  test.each([
    `{"level":"info","msg":"${personalText}"`,
    personalText,
    `{"custom_id":"a","url":"/v1/${personalText}","body":{}}`,
    `${' '.repeat(2040)}${personalText}`,
    `{"a":"${'x '.repeat(40)}${personalText}"`,
  ])('in a rejected line: %s', async (line) => {
    const { rejected, text } = await outputOf(`${JSON.stringify(exchange('Hi'))}\n${line}`)
    expect(rejected).toHaveLength(1)
    expectNothingPersonal(text)
  })

  test('stays where the ingest is told so', async () => {
    const file = writeLog(folder, 'kept.jsonl', jsonl(exchange(personalText)))
    const { text, files } = await readAll([file], { personalData: null })
    expect(text).toContain(personal.card)
    expect(files[0]?.personalData).toEqual({})
  })
})
