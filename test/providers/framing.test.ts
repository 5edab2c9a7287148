// Which reader a content type asks for.

import { describe, expect, test } from 'vitest'
import { createFrameReader, framingOf } from '../../src/providers/framing.ts'

describe('framingOf', () => {
  test.each<[string | undefined, 'sse' | 'ndjson' | null]>([
    ['text/event-stream', 'sse'],
    ['Text/Event-Stream; charset=UTF-8', 'sse'],
    ['application/x-ndjson', 'ndjson'],
    ['Application/X-NDJSON ; charset=utf-8', 'ndjson'],
    ['application/jsonl', 'ndjson'],
    ['application/stream+json', 'ndjson'],
    ['application/json', null],
    ['application/json; profile=application/x-ndjson', null],
    ['text/plain', null],
    ['text/html', null],
    ['', null],
    [undefined, null],
  ])('%s is %s', (type, expected) => {
    expect(framingOf(type)).toBe(expected)
  })
})

test('each framing has its reader', () => {
  const bytes = new TextEncoder().encode('data: 1\n\n')
  expect(createFrameReader('sse').push(bytes)).toEqual([{ event: null, data: '1' }])
  expect(createFrameReader('ndjson').push(bytes)).toEqual([{ event: null, data: 'data: 1' }])
})
