// Entries of `logs`: maps, their paths, and private keys.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatOf } from '../../../src/commands/ingest/log-formats.ts'
import { temporaryFolder } from '../../support/cli.ts'
import { createWorld } from '../../support/world.ts'
import { faultOf, load, targets } from './config-file.ts'

const logs = (entry: string) => `${targets}logs:\n  - ${entry}\n`

describe('a map', () => {
  it('is read as it stands', () => {
    const { config } = load(
      logs(
        `{ path: a, format: mapping, map: { request: payload.body, api: ollama, segments: { team: "$.tags[0]" } } }`,
      ),
    )
    expect(config.logs).toEqual([
      {
        path: 'a',
        format: 'mapping',
        map: { request: 'payload.body', api: 'ollama', segments: { team: '$.tags[0]' } },
      },
    ])
  })

  it.each([
    [
      'a key that is none',
      'map: { request: r, latencyMS: l }',
      /no setting called "latencyMS"; did you mean "latencyMs"/,
    ],
    ['no path', 'map: { request: "a..b" }', /write field\.items\[0\]\.text/],
    ['no JSONPath', 'map: { request: "$[" }', /no JSONPath/],
    ['parameters by no path', 'map: { prompt: p, parameters: { temperature: "a..b" } }', /write field/],
    ['parameters that are none', 'map: { prompt: p, parameters: 3 }', /the name of each parameter with its path/],
    ['nothing to ask', 'map: { text: t }', /one of request, messages and prompt/],
    ['two things to ask', 'map: { request: r, prompt: p }', /one of request, messages and prompt/],
    ['an API that is none', 'map: { request: r, api: openai }', /openai-chat/],
    ['an API of messages', 'map: { messages: m, api: openai-chat }', /api belongs to request/],
    ['two system prompts', 'map: { request: r, system: s }', /has its own system/],
    ['two answers', 'map: { request: r, response: a, text: t }', /has its own text/],
    ['cached tokens that may be counted or not', 'map: { messages: m, cachedInputTokens: c }', /sources differ/],
    ['a person as a segment', 'map: { messages: m, segments: { user_id: u } }', /no segment: map it as user/],
  ])('refuses %s', (_, map, message) => {
    const fault = faultOf(() => load(logs(`{ path: a, format: mapping, ${map} }`)))
    expect(fault).toMatchObject({ code: 'BAD_CONFIG', place: expect.stringMatching(/yaml:5:\d+ logs\[0\]\.map/) })
    expect(fault.message).toMatch(message)
  })

  it('belongs to its format, and its format to it', () => {
    expect(faultOf(() => load(logs('{ path: a, format: mapping }'))).message).toMatch(/needs a map/)
    expect(faultOf(() => load(logs('{ path: a, map: { prompt: p } }'))).message).toMatch(/needs format: mapping/)
  })
})

describe('a private key', () => {
  const session = () => ({ file: 'shadowgate.yaml', folder: temporaryFolder(), world: createWorld().world })

  it('is in a variable or in a file', () => {
    const { config } = load(logs('{ path: a, privateKey: { env: KEY } }'))
    expect(config.logs[0]?.privateKey).toEqual({ env: 'KEY' })
    expect(faultOf(() => load(logs('{ path: a, privateKey: { env: A, file: b } }'))).message).toMatch(
      /one of env and file/,
    )
    expect(faultOf(() => load(logs('{ path: a, privateKey: {} }'))).message).toMatch(/one of env and file/)
  })

  it('is refused by a format that is not encrypted', () => {
    const at = session()
    writeFileSync(join(at.folder, 'key.pem'), 'PEM')
    const entry = { path: 'a', format: 'litellm', privateKey: { file: 'key.pem' } }
    const fault = faultOf(() => formatOf(entry, at, 3))
    expect(fault).toMatchObject({ code: 'BAD_CONFIG', place: 'shadowgate.yaml logs[3].privateKey' })
    expect(fault.message).toMatch(/litellm is not encrypted/)
  })
})
