// A log full of credentials and personal data, in every format, and servers that give away what they should not.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Json } from '../../src/core/types.ts'
import { formats } from '../../src/ingest/index.ts'
import { credentialsAt, type Planted, personalAt, textOf } from './planted.ts'
import { type Answer, completion, sendJson } from './target.ts'

interface Log {
  readonly planted: readonly Planted[]
  /** Name of the file → its bytes. */
  readonly files: ReadonlyMap<string, Uint8Array | string>
}

const question = (content: unknown, more: object = {}) => ({
  model: 'test-model',
  messages: [{ role: 'user', content }],
  ...more,
})

const answered = (content: string | null, toolCalls: readonly string[] = []) => ({
  model: 'test-model',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content,
        ...(toolCalls.length > 0 && {
          tool_calls: toolCalls.map((text, at) => ({
            id: `c${at}`,
            type: 'function',
            function: { name: 'send', arguments: text },
          })),
        }),
      },
      finish_reason: 'stop',
    },
  ],
})

const base64 = (text: string) => Buffer.from(text).toString('base64')
/** JSON in a text in JSON. */
const nested = (text: string) => JSON.stringify({ note: JSON.stringify({ note: text }) })

/** Records that can be replayed: whole but for personal data. */
function replayable(count: number, plant: (place: string) => readonly Planted[]): string[] {
  return Array.from({ length: count }, (_, index) => {
    const found = plant(`prompt ${index}`)
    const { text } = found[index % found.length] ?? { text: '' }
    return JSON.stringify({ request: question(`Question ${index}? Write to ${text}.`), response: null })
  })
}

/** Each place of a record that holds text, with everything in it. */
function records(all: (place: string) => string, one: (place: string) => readonly Planted[]): object[] {
  const calls = one('nested arguments').map(({ text }) => nested(text))
  return [
    { request: question(`Keep ${all('prompt')}`), response: answered(`Kept ${all('recorded answer')}`) },
    { request: question('Call it.'), response: answered(null, [...calls, JSON.stringify({ to: all('arguments') })]) },
    {
      request: question('Who?', { user: all('user'), metadata: { user_id: all('user id'), [all('field')]: 'x' } }),
      response: null,
      metadata: { note: all('metadata'), [all('metadata field')]: 'y' },
      segments: { route: all('segment') },
      feedback: [{ name: all('feedback name'), value: 1, comment: all('feedback') }],
    },
    {
      request: {
        method: 'POST',
        url: `https://api.example.com/v1/chat/completions?q=${encodeURIComponent(all('url'))}`,
        headers: { Authorization: all('header'), Cookie: all('cookie'), 'x-api-key': all('key header') },
        body: JSON.stringify(question(`Escaped ${all('escaped body')}`)),
      },
      response: { status: 200, headers: { 'set-cookie': all('set-cookie') }, body: answered(all('enveloped answer')) },
    },
    { request: question('Failed?'), response: { error: { code: all('error code'), message: all('recorded error') } } },
    {
      request: question([
        { type: 'text', text: all('part') },
        { type: 'image_url', image_url: { url: `https://img.example.com/?token=${all('image url')}` } },
      ]),
    },
  ]
}

/** Credentials inside base64: a file that a prompt carries. */
function encoded(plant: (place: string) => readonly Planted[]): object[] {
  return plant('base64').map(({ text }) => ({
    request: question(`Read data:text/plain;base64,${base64(`# settings\nTOKEN: ${text}\n`)} and sum it up`),
  }))
}

/** The format's own specimen with the planted text behind each of its sentences. */
function plantedInto(json: Json, text: string): Json {
  if (typeof json === 'string') {
    const inner = /^\s*[[{]/.test(json) ? parsed(json) : undefined
    if (inner !== undefined) return JSON.stringify(plantedInto(inner, text))
    return /[a-z?!.] ?[A-Za-z]*/.test(json) && json.includes(' ') ? `${json} ${text}` : json
  }
  if (Array.isArray(json)) return json.map((each: Json) => plantedInto(each, text))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, plantedInto(value, text)]))
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** So many records that can be replayed, and all that a log can give away. */
export function leakyLog(replayed: number): Log {
  const planted: Planted[] = []
  const kept = (found: readonly Planted[]) => {
    planted.push(...found)
    return found
  }
  const everything = (place: string) => kept([...credentialsAt(place), ...personalAt(place)])
  const all = (place: string) => textOf(everything(place))
  const lines = [
    ...replayable(replayed, (place) => kept(personalAt(place))),
    ...records(all, everything).map((line) => JSON.stringify(line)),
    ...encoded((place) => kept(credentialsAt(place))).map((line) => JSON.stringify(line)),
    `{"request": "broken ${all('broken line')}`,
    `${all('line of text')} {`,
  ]
  const files = new Map<string, Uint8Array | string>([['requests.jsonl.gz', gzipSync(lines.join('\n'))]])
  for (const { name, specimens } of formats) {
    const specimen = specimens.map(({ line }) => JSON.stringify(plantedInto(line, all(`${name} specimen`)))).join('\n')
    files.set(`${name}.jsonl`, specimen)
  }
  return { planted, files }
}

export function writeLogs(folder: string, { files }: Log): void {
  mkdirSync(join(folder, 'logs'))
  for (const [name, content] of files) writeFileSync(join(folder, 'logs', name), content)
}

/** Answers with all that is planted at `place`, and with the key that it was asked with; every eighth call fails. */
export function leaky(place: string, keep: (planted: readonly Planted[]) => void): Answer {
  const everything = (part: string) => {
    const found = [...credentialsAt(`${place} ${part}`), ...personalAt(`${place} ${part}`)]
    keep(found)
    return found
  }
  const said = textOf(everything('answer'))
  const calls = everything('arguments').map(({ text }) => nested(text))
  const refusals = everything('error').map(({ text }) => text)
  const codes = everything('error code').map(({ text }) => text)
  const bodies = everything('unreadable answer').map(({ text }) => text)
  const [name, model] = [textOf(everything('tool name')), textOf(everything('model'))]
  const pick = (texts: readonly string[], number: number) => texts[Math.floor(number / 8) % texts.length] ?? ''
  return ({ number, headers }, response) => {
    const key = `${headers.authorization} and ${String(headers['x-team-token'])}`
    if (number % 16 === 7) {
      const message = `Incorrect API key provided: ${pick(refusals, number)} (you sent ${key})`
      return sendJson(response, 400, { error: { message, code: pick(codes, number), type: 'invalid_request_error' } })
    }
    if (number % 16 === 15)
      return void response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(`${pick(bodies, number)} is what ${key} asked for`)
    const tool = pick(calls, number)
    const body = completion(`You wrote ${said}, with ${key}`)
    const message = { ...answered(`${said}, with ${key}`, [tool]).choices[0]?.message }
    message.tool_calls?.push({ id: 'n', type: 'function', function: { name, arguments: '{}' } })
    sendJson(response, 200, { ...body, model, choices: [{ index: 0, message, finish_reason: 'stop' }] })
  }
}
