// Credentials out of JSON, and out of what is shown of lines that are no JSON.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/types.ts'
import { excerptOf } from '../../src/ingest/excerpt.ts'
import { isHeaderLike, isTooDeep, redactions } from '../../src/ingest/redact.ts'

const key = `sk-proj-${'a1B2c3D4'.repeat(4)}`

const start = redactions({ salt: 'salt', without: [], patterns: [] })
const redact = (json: Json) => {
  const redaction = start()
  return { json: redaction.json(json), keys: redaction.taken().keys }
}

const nested = (levels: number): Json => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`)

describe('redact', () => {
  test.each<[string, Json, Json, number]>([
    ['a header', { authorization: 'Basic abc', a: 1 }, { a: 1 }, 1],
    [
      'a header of any case, anywhere',
      { a: [{ headers: { 'X-API-Key': 'x', 'Set-Cookie': ['s=1'] } }] },
      { a: [{ headers: {} }] },
      2,
    ],
    ['a key inside text', { a: [`use ${key}.`] }, { a: ['use [secret].'] }, 1],
    ['a key as a field name', { [key]: 1 }, { '[secret]': 1 }, 1],
    [
      'a tool schema with such a field',
      { properties: { api_key: { type: 'string' } }, required: ['api_key'] },
      { properties: { api_key: { type: 'string' } }, required: ['api_key'] },
      0,
    ],
    ['an empty header', { authorization: '', cookie: null }, { authorization: '', cookie: null }, 0],
    ['half of an emoji', { a: 'x\uD83D' }, { a: 'x\uFFFD' }, 0],
    [
      'a field called __proto__',
      JSON.parse(`{"__proto__":{"a":"${key}"}}`),
      JSON.parse('{"__proto__":{"a":"[secret]"}}'),
      1,
    ],
  ])('%s', (_, json, expected, keys) => {
    const clean = redact(json)
    expect(JSON.stringify(clean.json)).toBe(JSON.stringify(expected))
    expect(clean.keys).toBe(keys)
  })

  test('JSON without credentials is the same object, and never another value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // What looks like an address is one.
        fc.pre(!text.includes('@'))
        const json: Json = JSON.parse(text)
        const clean = redact(json)
        expect(clean.json).toEqual(json)
        expect(clean).toEqual({ json, keys: 0 })
      }),
    )
    const json = { a: [{ b: 'c' }] }
    expect(redact(json).json).toBe(json)
  })

  test('a credential planted anywhere in any JSON is gone', () => {
    const planted = fc.json({ maxDepth: 3 }).map((text): Json => {
      const json: Json = JSON.parse(text)
      return [json, { inner: [json, `x ${key}`] }, { Cookie: key }]
    })
    fc.assert(
      fc.property(planted, (json) => {
        const clean = redact(json)
        expect(JSON.stringify(clean.json)).not.toContain('a1B2')
        expect(clean.keys).toBe(2)
      }),
    )
  })

  test.each([
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'Set-Cookie',
    'x-api-key',
    'api-key',
    'api_key',
    'apikey',
    'x-goog-api-key',
    'X-Amz-Security-Token',
    'Ocp-Apim-Subscription-Key',
    'openai-api-key',
    'cf-aig-authorization',
    'Helicone-Auth',
    'access_token',
    'client_secret',
    'AWS_SESSION_TOKEN',
  ])('%s is header-like', (field) => {
    expect(isHeaderLike(field)).toBe(true)
  })

  test.each([
    'content',
    'token',
    'max_tokens',
    'cookies_enabled',
    'author',
    'key',
    'authorization_url',
    'secret_santa',
  ])('%s is not', (field) => {
    expect(isHeaderLike(field)).toBe(false)
  })

  test('depth', () => {
    expect(isTooDeep(nested(200))).toBe(false)
    expect(isTooDeep(nested(201))).toBe(true)
    expect(isTooDeep(nested(100_000))).toBe(true)
  })
})

describe('excerptOf', () => {
  test.each<[string, string, string]>([
    ['plain', 'hello', 'hello'],
    ['on one line', 'a\t\u0000b\r\n c', 'a b c'],
    ['a key', `{"k":"${key}`, '{"k":"[secret]'],
    ['a user', '{"user":"ann","x":1', '{"user":[removed],"x":1'],
    ['a user cut off', '{"user_id":"an', '{"user_id":[removed]'],
    ['a user as an object', '{"user":{"id":"ann"},"x":1}', '{"user":[removed],"x":1}'],
    ['a number', '{"userId": 4711, "x":1}', '{"userId": [removed], "x":1}'],
    [
      'JSON inside a string',
      String.raw`{"body":"{\"user\":\"ann\",\"x\":1}"}`,
      String.raw`{"body":"{\"user\":[removed],\"x\":1}"}`,
    ],
    ["Python's spelling", "{'session_id': 'abc', 'x': 1}", "{'session_id': [removed], 'x': 1}"],
    ['key=value', 'ts=1 user=ann msg="hi"', 'ts=1 user=[removed] msg="hi"'],
    ['a header', '{"cookie":"s=1; t=2","x":1', '{"cookie":[removed],"x":1'],
    [
      'a bare header with its scheme',
      'Authorization: Basic YW5uOnNlY3JldA== status=401',
      'Authorization: [removed] status=401',
    ],
    ['all cookies of a bare header', 'Cookie: s=1; session=abc', 'Cookie: [removed]'],
    ['a line of a private key', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7', '[removed]'],
    ['an address', 'mail from ann@example.test today', 'mail from [email-af30c6] today'],
    ['names that only resemble one', '{"user_tier":"gold","users":3}', '{"user_tier":"gold","users":3}'],
  ])('%s', (_, text, expected) => {
    expect(excerptOf(Buffer.from(text), start())).toBe(expected)
  })

  test('at most 200 characters, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const excerpt = excerptOf(bytes, start())
        expect(excerpt.length).toBeLessThanOrEqual(200)
        expect(excerpt.isWellFormed()).toBe(true)
      }),
    )
    expect(excerptOf(Buffer.from('😀'.repeat(300)), start()).length).toBeLessThanOrEqual(200)
    expect(excerptOf(new Uint8Array(50_000).fill(65), start())).toHaveLength(200)
  })
})
