// The reference of `ingest`: node's readline and JSON.parse of every line. Prints how many were JSON, and how many not.

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

const [log = ''] = process.argv.slice(2)
const startedAt = performance.now()
let [good, bad] = [0, 0]
for await (const line of createInterface({ input: createReadStream(log), crlfDelay: Number.POSITIVE_INFINITY })) {
  try {
    JSON.parse(line)
    good += 1
  } catch {
    bad += 1
  }
}
process.stdout.write(JSON.stringify({ good, bad, seconds: (performance.now() - startedAt) / 1000 }))
