// What `ingest` measures: the ingest room of a build, from the file to normalised records and named bad lines. Stores nothing.

import { pathToFileURL } from 'node:url'
import type { IngestEvent, IngestOptions } from '../../../src/ingest/ingest.ts'

const [door = '', log = '', threads = '0', isPrivate = '0'] = process.argv.slice(2)
const { ingest }: { ingest: (options: IngestOptions) => AsyncIterable<IngestEvent> } = await import(
  pathToFileURL(door).href
)
const startedAt = performance.now()
let [good, bad] = [0, 0]
const files = [{ path: log, name: 'log.jsonl', format: null }]
for await (const event of ingest({
  files,
  salt: 'salt',
  threads: Number(threads),
  ...(isPrivate === '1' ? {} : { personalData: null }),
})) {
  if (event.kind === 'summary') continue
  good += event.records.length
  bad += event.rejected.filter(({ line }) => line % 1000 === 0).length
}
process.stdout.write(JSON.stringify({ good, bad, seconds: (performance.now() - startedAt) / 1000 }))
