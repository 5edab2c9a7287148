// What form of answer a request asks for, in each API's own words.

import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { providerNamed, providers } from '../../src/providers/index.ts'

const schema = { type: 'object', properties: { city: { type: 'string' } } }
const nothing = { isJson: false, schema: null, tools: [] }
const json = { isJson: true, schema: null, tools: [] }
const withSchema = { isJson: true, schema, tools: [] }
const withTools = { isJson: false, schema: null, tools: ['search', 'open'] }
const functions = ['search', 'open'].map((name) => ({ type: 'function', function: { name } }))
const bare = ['search', 'open'].map((name) => ({ name }))

describe('asked', () => {
  it.each<[string, string, JsonObject, object]>([
    ['openai-chat', 'text', { response_format: { type: 'text' } }, nothing],
    ['openai-chat', 'JSON', { response_format: { type: 'json_object' } }, json],
    [
      'openai-chat',
      'a schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'a', schema } } },
      withSchema,
    ],
    ['openai-chat', 'tools', { tools: functions }, withTools],
    ['openai-chat', 'functions of old', { functions: bare }, withTools],
    ['openai-responses', 'JSON', { text: { format: { type: 'json_object' } } }, json],
    ['openai-responses', 'a schema', { text: { format: { type: 'json_schema', name: 'a', schema } } }, withSchema],
    ['openai-responses', 'tools', { tools: bare.map((tool) => ({ type: 'function', ...tool })) }, withTools],
    ['anthropic-messages', 'a schema', { output_config: { format: { type: 'json_schema', schema } } }, withSchema],
    ['anthropic-messages', 'a schema, in the beta', { output_format: { type: 'json_schema', schema } }, withSchema],
    ['anthropic-messages', 'tools', { tools: bare }, withTools],
    ['gemini-generate-content', 'JSON', { generationConfig: { responseMimeType: 'application/json' } }, json],
    [
      'gemini-generate-content',
      'a schema',
      { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema } },
      withSchema,
    ],
    [
      'gemini-generate-content',
      'an OpenAPI schema',
      { generationConfig: { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT' } } },
      json,
    ],
    ['gemini-generate-content', 'tools', { tools: [{ functionDeclarations: bare }] }, withTools],
    ['ollama', 'JSON', { format: 'json' }, json],
    ['ollama', 'a schema', { format: schema }, withSchema],
    ['ollama', 'tools', { tools: functions }, withTools],
    ['openai-completions', 'anything', { prompt: 'a' }, nothing],
  ])('%s: %s', (api, _what, body, expected) => {
    expect(providerNamed(api).asked(body)).toEqual(expected)
  })
  it.each(providers.map(({ name }) => name))('%s: nothing by a body that says nothing, or nonsense', (name) => {
    for (const body of [{}, { response_format: 3, tools: 'x', text: [], generationConfig: null, format: '' }])
      expect(providerNamed(name).asked(body)).toEqual(nothing)
  })
})
