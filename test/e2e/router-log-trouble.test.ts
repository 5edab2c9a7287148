// What the router's log keeps of failures, copies, secrets and opinions, and the run that replays it.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Arm } from '../../src/core/types.ts'
import { runCli } from '../support/cli.ts'
import { query } from '../support/project.ts'
import { halfAndHalf, ingested, log, type Routed, routed, said } from '../support/router-log.ts'
import { askAs } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** One server of everything that goes wrong, by what the question says; it lets a client leave in the middle. */
function startTroubled(arm: Arm) {
  return startTarget(({ body }, response) => {
    const question = body.messages.at(-1)?.content ?? ''
    if (question.includes('fails') && (arm === 'production' || question.includes('there'))) {
      sendJson(response, 503, { error: { message: 'no room' } })
    } else if (question.includes('stalls')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Well' } }] })}\n\n`)
    } else sendJson(response, 200, completion(said[arm]))
  })
}

async function startTroubledRouter(
  canary: object = halfAndHalf,
): Promise<Routed & { candidate: { requests: unknown[] } }> {
  const [production, candidate] = [await startTroubled('production'), await startTroubled('candidate')]
  return { ...(await routed({ production: production.url, candidate: candidate.url, canary })), candidate }
}

/** A user that falls to the arm, by asking. */
async function userOf(base: string, arm: Arm): Promise<string> {
  for (let n = 0; n < 64; n++) {
    const user = `user-${n}`
    if ((await askAs(base, user)).arm === arm) return user
  }
  throw new Error(`none of 64 users falls to ${arm}`)
}

const askFor = (base: string, user: string, content: string, init: { signal?: AbortSignal; stream?: true } = {}) =>
  fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user-id': user },
    body: JSON.stringify({
      model: 'now',
      messages: [{ role: 'user', content }],
      ...(init.stream && { stream: true }),
    }),
    ...(init.signal && { signal: init.signal }),
  })

/** Read to its end. */
async function asked(base: string, user: string, content: string): Promise<Response> {
  const response = await askFor(base, user, content)
  await response.text()
  return response
}

const saying = (records: Awaited<ReturnType<typeof ingested>>, word: string) =>
  records.filter(({ body }) => String(body).includes(word))

describe('the log of trouble', { timeout: 120_000 }, () => {
  it('has production’s failures, and no client that left as one', async () => {
    const { folder, base, end } = await startTroubledRouter()
    const [stays, tries] = [await userOf(base, 'production'), await userOf(base, 'candidate')]
    expect((await asked(base, stays, 'fails here')).status).toBe(503)
    expect((await asked(base, tries, 'the candidate fails there')).status).toBe(503)
    const leaving = new AbortController()
    const stalled = await askFor(base, stays, 'stalls', { signal: leaving.signal, stream: true })
    await stalled.body?.getReader().read()
    leaving.abort()
    await end()
    const records = await ingested(folder)
    expect(saying(records, 'fails here')).toMatchObject([{ arm: 'production', text: null }])
    expect(JSON.parse(String(saying(records, 'fails here')[0]?.['error']))).toMatchObject({ status: 503 })
    expect(saying(records, 'fails there')).toMatchObject([{ arm: 'production', text: null }])
    expect(saying(records, 'stalls')).toMatchObject([{ arm: 'production', text: null, error: null }])
  })

  it('counts a question once that the candidate failed and production answered', async () => {
    const production = await startTarget((_, response) => sendJson(response, 200, completion(said.production)))
    const candidate = await startTarget((_, response) => sendJson(response, 503, { error: { message: 'no room' } }))
    const canary = { ...halfAndHalf, stages: [{ share: 1, minMinutes: 1e6, minRequests: 1e9 }] }
    const { folder, base, end } = await routed({ production: production.url, candidate: candidate.url, canary })
    for (const user of ['ada', 'bob', 'eve']) expect((await asked(base, user, `I am ${user}`)).status).toBe(200)
    await end()
    expect(candidate.requests).toHaveLength(3)
    const records = await ingested(folder)
    const answered = { arm: 'production', text: said.production, error: null }
    expect(records).toMatchObject([answered, answered, answered])
  })

  it('does not count the copies of shadow', async () => {
    const { folder, base, end, candidate } = await startTroubledRouter({ mode: 'shadow' })
    for (let n = 0; n < 10; n++) await askAs(base, `user-${n}`)
    await expect.poll(() => candidate.requests.length).toBe(10)
    await end()
    const records = await ingested(folder)
    expect(records).toHaveLength(10)
    expect(new Set(records.map(({ text }) => text))).toEqual(new Set([said.production]))
  })

  it('marks what a credential was taken out of, and cleans personal data as an ingest does', async () => {
    const { folder, base, end } = await startTroubledRouter()
    await asked(base, 'ada', 'use sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD as key')
    await asked(base, 'ada', 'write to ada.lovelace@example.org at once')
    await end()
    const records = await ingested(folder)
    expect(saying(records, 'as key')).toMatchObject([{ fidelity: 'redacted' }])
    const [written] = saying(records, 'at once')
    expect(written).toMatchObject({ fidelity: 'full' })
    expect(String(written?.['body'])).not.toContain('lovelace')
  })

  it('joins what users thought of production’s answers, and takes no word about the candidate’s for one', async () => {
    const { folder, base, end } = await startTroubledRouter()
    const ids = { production: '', candidate: '' }
    for (const arm of ['production', 'candidate'] as const) {
      ids[arm] = (await askAs(base, await userOf(base, arm))).id ?? ''
      const body = JSON.stringify({ id: ids[arm], score: arm === 'production' ? 'up' : 'down' })
      expect((await fetch(`${base}/feedback`, { method: 'POST', body })).status).toBe(202)
    }
    await end()
    const records = await ingested(folder)
    const feedbackOf = (call: string) => JSON.parse(String(records.find((each) => each['call'] === call)?.['feedback']))
    expect(feedbackOf(ids.production)).toEqual([{ name: 'feedback', value: 1, comment: null }])
    expect(feedbackOf(`candidate:${ids.candidate}`)).toEqual([])
  })
})

it('is what the next run replays, to a verdict', { timeout: 120_000 }, async () => {
  const { folder, base, end } = await startTroubledRouter()
  for (let n = 0; n < 80; n++) await asked(base, `user-${n % 16}`, `Question ${n}?`)
  await end()
  const result = await runCli(['run', '--json', '--logs', log, '--replay-warm-up', '0'], { cwd: folder })
  expect(result.stderr).not.toContain('error[')
  const verdict = JSON.parse(result.stdout)
  expect(verdict.counts).toMatchObject({ pairs: 80, excluded: {} })
  const [row] = await query(
    join(folder, 'store.duckdb'),
    `SELECT count(DISTINCT a.record_id)::INT AS records, count(DISTINCT r.cluster)::INT AS users
     FROM attempt a JOIN record r ON r.id = a.record_id`,
  )
  expect(row).toEqual({ records: 80, users: 16 })
})
