// Users of a proxy: so many at a time ask the same thing over one base URL, and clocks are read at each answer.

import { Pool } from 'undici'

/** What it prints, as JSON. Milliseconds. */
export interface UsersTiming {
  readonly requests: number
  readonly seconds: number
  /** ms since 1970. */
  readonly endedAtMs: number
  readonly p50: number
  readonly p99: number
  /** To the first byte of the body. */
  readonly firstP50: number
}

const [base = '', requests = '1', concurrency = '1', stream = 'no', headers = '{}', first = '0'] = process.argv.slice(2)
const url = new URL(base)
const pool = new Pool(url.origin, { connections: Number(concurrency) })
const body = JSON.stringify({
  model: 'mock-current',
  messages: [{ role: 'user', content: 'When is noon? '.repeat(40) }],
  ...(stream === 'yes' && { stream: true }),
})
const path = `${url.pathname.replace(/\/$/, '')}/chat/completions`
const own = JSON.parse(headers) as Record<string, string>
const totals: number[] = []
const firsts: number[] = []
let next = 0

// The first are not counted: these users' own code was never run, and is slow.
await askAll(Number(first))
totals.length = firsts.length = 0
const startedAt = performance.now()
await askAll(Number(requests))
const seconds = (performance.now() - startedAt) / 1000
const endedAtMs = Date.now()
await pool.close()
const timing: UsersTiming = {
  requests: totals.length,
  seconds,
  endedAtMs,
  p50: quantile(totals, 0.5),
  p99: quantile(totals, 0.99),
  firstP50: quantile(firsts, 0.5),
}
process.stdout.write(JSON.stringify(timing))

async function askAll(count: number): Promise<void> {
  next = 0
  const lane = async () => {
    while (next < count) await ask(next++)
  }
  await Promise.all(Array.from({ length: Number(concurrency) }, lane))
}

function ask(user: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const sentAt = performance.now()
    let firstMs = 0
    let heard = 0
    pool.dispatch(
      {
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', 'x-user-id': `user-${user % 1000}`, ...own },
        body,
      },
      {
        onRequestStart() {},
        onResponseStart(_controller, status) {
          if (status !== 200) reject(new Error(`HTTP ${status}`))
        },
        onResponseData(_controller, chunk) {
          firstMs ||= performance.now() - sentAt
          heard += chunk.length
        },
        onResponseEnd() {
          if (heard === 0) return reject(new Error('an empty answer'))
          totals.push(performance.now() - sentAt)
          firsts.push(firstMs)
          resolve()
        },
        onResponseError(_controller, error) {
          reject(error)
        },
      },
    )
  })
}

function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN
}
