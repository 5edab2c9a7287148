// A log that is read on other cores becomes what it becomes on one; and no thread outlives its ingest.

import type { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { ingest } from '../../src/ingest/ingest.ts'
import { answer, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const paragraph = 'A paragraph of a document that somebody wants to have in fewer words. '.repeat(40)

/** Each request three times in all, beside lines that cannot be read; more than what is read before threads start. */
const lines = Array.from({ length: 4500 }, (_, at) => ({
  request: request(`${at % 1500} ${paragraph}ann${at % 7}@example.org`),
  response: answer(`Answer ${at}`),
  user: `u${at % 11}`,
}))
const log = writeLog(
  folder,
  'long.jsonl',
  `${jsonl(...lines.slice(0, 4200))}{"cut":\n[1]\n${jsonl(...lines.slice(4200))}`,
)
const short = writeLog(folder, 'short.jsonl', jsonl(...lines.slice(0, 3)))

const started: Worker[] = []
process.on('worker', (worker) => started.push(worker))
/** A thread that has ended has no number. */
const running = () => started.filter(({ threadId }) => threadId !== -1)

describe('a log that other threads help to read', () => {
  test('gives the records, rejections and counts that it gives on one thread, in their order', async () => {
    const alone = await readAll([log, short])
    const helped = await readAll([log, short], { threads: 2 })
    expect(alone.records).toHaveLength(4503)
    expect(alone.rejected.map(({ line }) => line)).toEqual([4201, 4202])
    expect(helped.records).toEqual(alone.records)
    expect(helped.rejected).toEqual(alone.rejected)
    expect(helped.files).toEqual(alone.files)
  })

  test('ends its threads when it is read to its end, and when its reader leaves in the middle', async () => {
    await readAll([log], { threads: 2 })
    expect(started.length).toBeGreaterThan(0)
    expect(running()).toEqual([])
    let records = 0
    for await (const event of ingest({ files: [log], salt: 'salt', threads: 2 })) {
      if (event.kind === 'batch') records += event.records.length
      if (records > 3500) break
    }
    expect(running()).toEqual([])
  })
})
