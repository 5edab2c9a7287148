// What every dialect of spans is asked to tell: one chat with a tool, and how a test reads it back.

import { expect } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { temporaryFolder } from './files.ts'
import { type Attributes, otlp } from './otlp.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
export const tool = {
  type: 'function',
  function: { name: 'weather', description: 'W', parameters: { type: 'object' } },
}
/** The chat that each dialect tells here. */
export const messages = [
  { role: 'system', content: 'Be kind' },
  { role: 'user', content: 'Sun?' },
  {
    role: 'assistant',
    content: '',
    tool_calls: [{ id: 'k', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
  },
  { role: 'tool', tool_call_id: 'k', content: 'Sun' },
]
export const answer = { text: 'Yes', stop: 'end' }

export async function all(...lines: readonly JsonObject[]) {
  const { records, reasons, format } = await readLines(folder, ...lines)
  expect([reasons, format]).toEqual([[], 'otel-genai'])
  return records
}

export async function one(attributes: Attributes) {
  const records = await all(otlp({ spanId: 'a', attributes }))
  expect(records).toHaveLength(1)
  const [record] = records
  if (record === undefined) throw new Error('no record')
  return record
}
