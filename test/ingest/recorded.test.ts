// Batch files as LiteLLM's own tests have them.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readAll } from './files.ts'

const folder = join(import.meta.dirname, '../../../shared/data/tool-logs/litellm')
const recorded = (name: string) => ({ path: join(folder, name), name, format: null })

describe.skipIf(!existsSync(folder))('recorded batch files (skipped where ../shared/data/tool-logs is absent)', () => {
  test('batch_small.jsonl', async () => {
    const { records, rejected, files } = await readAll([recorded('batch_small.jsonl')])
    expect(rejected).toEqual([])
    expect(records.map((record) => [record.source.line, record.fidelity, record.recorded])).toEqual([
      [1, 'full', null],
      [2, 'full', null],
      [3, 'full', null],
    ])
    expect(files[0]).toMatchObject({ format: 'openai-batch', lines: 3, recurring: 0 })
  })

  test('bedrock_batch_completions.first4.jsonl has each request twice', async () => {
    const { records, files } = await readAll([recorded('bedrock_batch_completions.first4.jsonl')])
    expect(records).toHaveLength(4)
    expect(files[0]).toMatchObject({ format: 'openai-batch', recurring: 2 })
  })
})
