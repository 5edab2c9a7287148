// What every provider API promises, over the roster.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { providerNamed, providers } from '../../src/providers/index.ts'
import { isObject } from '../../src/providers/shape.ts'
import { specimens } from './recorded.ts'

const json = fc.json({ maxDepth: 4 }).map((text): Json => JSON.parse(text))
const fields =
  `messages input prompt contents system instructions tools options generationConfig model stream stream_options
  user metadata labels x`.split(/\s+/)
const body = fc.dictionary(fc.constantFrom(...fields), json)

const eventTypes = `response.created response.completed response.incomplete response.failed response.output_item.added
  response.output_item.done response.output_text.delta response.output_text.done response.function_call_arguments.delta
  message_start content_block_start content_block_delta message_delta message_stop ping error`.split(/\s+/)

/** Events that look like those of some API, with values that are none. */
const hostileEvent = fc
  .record(
    {
      type: fc.constantFrom(...eventTypes),
      choices: json,
      delta: json,
      item: json,
      index: json,
      output_index: json,
      response: json,
      candidates: json,
      message: json,
      usage: json,
      content_block: json,
      done: json,
    },
    { requiredKeys: [] },
  )
  .map((event) => JSON.stringify(event))

describe('the roster', () => {
  test('names are unique, kebab-case, and found', () => {
    const names = providers.map((provider) => provider.name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(providerNamed(name).name).toBe(name)
    }
  })

  test('an unknown name is a fault that lists the known ones', () => {
    expect(() => providerNamed('openai-chart')).toThrow(Fault)
    expect(() => providerNamed('openai-chart')).toThrow(/openai-chart.*openai-chat/)
  })

  test('a recorded request is accepted by exactly one', () => {
    const requests = specimens().filter((each) => each.request !== undefined)
    expect(requests.length).toBeGreaterThan(2)
    for (const { request } of requests)
      expect(providers.filter((provider) => provider.accepts(request))).toHaveLength(1)
  })
})

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) => {
  test('survives any JSON', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 400, max: 599 }), (value, status) => {
        provider.accepts(value)
        provider.reply(value)
        const { detail } = provider.rejection(status, value)
        expect(detail.length).toBeGreaterThan(0)
        expect(Array.from(detail).length).toBeLessThanOrEqual(300)
      }),
      { numRuns: 300 },
    )
  })

  test('allows what it accepts', () => {
    const accepted = specimens().filter(({ request }) => request !== undefined && provider.accepts(request))
    for (const { request } of accepted) expect(provider.allows(request)).toBe(true)
    fc.assert(
      fc.property(body, (value) => {
        expect(provider.allows(value) || !provider.accepts(value)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('survives any request body, and never changes it', () => {
    fc.assert(
      fc.property(body, fc.boolean(), (value, stream) => {
        const before = JSON.stringify(value)
        const sent = provider.request(value, { model: 'm', stream, overrides: {} })
        expect(sent.path).toMatch(/^\/[\x21-\x7e]+$/)
        // An API says that it shall stream in the body or in the path.
        const other = provider.request(value, { model: 'm', stream: !stream, overrides: {} })
        if (other.path === sent.path) expect(provider.isStreaming(sent.body)).toBe(stream)
        provider.prompt(value)
        provider.isStreaming(value)
        expect(provider.party(provider.withoutParty(value))).toBeNull()
        expect(JSON.stringify(value)).toBe(before)
      }),
      { numRuns: 300 },
    )
  })

  test('asks a question of its own so that it reads as one', () => {
    const question = provider.question('Which is better?')
    expect(provider.prompt(question)).toBe('Which is better?')
    const { body: sent } = provider.request(question, { model: 'm', stream: false, overrides: {} })
    expect([provider.prompt(sent), provider.isStreaming(sent)]).toEqual(['Which is better?', false])
  })

  test('sends the model that it is told to', () => {
    const { path, body: sent } = provider.request(
      { model: 'captured' },
      { model: 'told/$&?', stream: true, overrides: {} },
    )
    expect(path + JSON.stringify(sent)).toMatch(/told(?:\/\$&\?|\/%24%26%3F|%2F%24%26%3F)/)
    expect(path + JSON.stringify(sent)).not.toContain('captured')
  })

  test('an override of null takes a field out, and the captured null stays', () => {
    const options = { model: null, stream: false, overrides: { x: null, y: 1 } }
    const { body: sent } = provider.request({ model: 'm', x: 1, z: null }, options)
    expect(sent).toMatchObject({ y: 1, z: null })
    expect(sent).not.toHaveProperty('x')
  })

  test('a renamed field keeps its value, an override comes after, and what is there under both names is left alone', () => {
    const rename = { x: 'y' }
    const bodyOf = (given: JsonObject, overrides: JsonObject = {}) =>
      provider.request({ model: 'm', ...given }, { model: null, stream: false, rename, overrides }).body
    expect(bodyOf({ x: 1 })).toMatchObject({ y: 1 })
    expect(bodyOf({ x: 1 })).not.toHaveProperty('x')
    expect(bodyOf({ x: 1 }, { y: 2 })).toMatchObject({ y: 2 })
    expect(bodyOf({ x: 1 }, { y: null })).not.toHaveProperty('y')
    expect(bodyOf({ x: 1, y: 2 })).toMatchObject({ x: 1, y: 2 })
  })

  test('survives any stream', () => {
    const event = fc.record({
      event: fc.constantFrom(null, 'error', 'x'),
      data: fc.oneof(fc.string(), fc.json(), hostileEvent),
    })
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const reader = provider.stream()
        for (const each of events) expect(typeof reader.push(each).hasContent).toBe('boolean')
        const end = reader.end()
        expect('reply' in end || end.broken.length > 0).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('says nothing of the party once it is taken out', () => {
    for (const { request } of specimens()) {
      if (!provider.accepts(request) || !isObject(request)) continue
      const named = {
        ...request,
        user: 'planted-user',
        safety_identifier: 'planted-user',
        metadata: { user_id: 'planted-user' },
      }
      expect([null, 'planted-user']).toContain(provider.party(named))
      expect(JSON.stringify(provider.withoutParty(named))).not.toContain('planted-user')
    }
  })

  test('headers are lower-case, and hold no key where there is none', () => {
    for (const name of Object.keys(provider.headers('k'))) expect(name).toBe(name.toLowerCase())
    expect(JSON.stringify(provider.headers(null))).not.toContain('null')
  })
})
