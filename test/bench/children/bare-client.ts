// The bare client that a latency's error is measured beside: undici's dispatch, its own clock, and nothing else.

import { Pool } from 'undici'
import { readRequests } from '../support/logs.ts'
import { models } from '../support/mock.ts'

/** What it prints, as JSON: of each request the id that the answer bore, and what the client's clock said. */
export interface BareTiming {
  readonly id: number
  readonly sentAtMs: number
  readonly headersMs: number
  readonly firstDataMs: number
  readonly totalMs: number
}

const [log = '', productionPort = '', candidatePort = '', concurrency = '2'] = process.argv.slice(2)
const lanes = Number(concurrency) / 2
const requests = readRequests(log)
const timings: BareTiming[] = []

await Promise.all([askAll(productionPort, models.production), askAll(candidatePort, models.candidate)])
process.stdout.write(JSON.stringify(timings))

/** Asks everything of one arm, each lane one request at a time. */
async function askAll(port: string, model: string): Promise<void> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: lanes })
  const bodies = requests.map((request) => JSON.stringify({ ...request, model }))
  let next = 0
  const lane = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) timings.push(await ask(pool, body))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  await pool.close()
}

function ask(pool: Pool, body: string): Promise<BareTiming> {
  const headers = { 'content-type': 'application/json' }
  const [path, method] = ['/v1/chat/completions', 'POST' as const]
  return new Promise((resolve, reject) => {
    let [id, sentAtMs, headersMs, firstDataMs] = [0, 0, 0, 0]
    pool.dispatch(
      { path, method, headers, body },
      {
        onRequestStart() {
          sentAtMs = performance.now()
        },
        onResponseStart(_controller, _status, heard) {
          headersMs = performance.now() - sentAtMs
          id = Number(heard['x-bench-id'])
        },
        onResponseData() {
          firstDataMs ||= performance.now() - sentAtMs
        },
        onResponseEnd() {
          resolve({ id, sentAtMs, headersMs, firstDataMs, totalMs: performance.now() - sentAtMs })
        },
        onResponseError(_controller, error) {
          reject(error)
        },
      },
    )
  })
}
