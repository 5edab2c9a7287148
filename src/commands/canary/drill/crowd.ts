// The simulated users at work: they ask the router, read what comes, and say of some answers what they think.

import { Pool } from 'undici'
import type { Random } from '../../../core/random.ts'
import type { Provider } from '../../../providers/provider.ts'
import { realClock } from '../../../replay/real-clock.ts'
import { subject } from './stand-in.ts'
import { type DrillUser, withFields } from './users.ts'

export interface CrowdOptions {
  /** Of the router. */
  readonly origin: string
  readonly users: readonly DrillUser[]
  /** Of the API that clients speak, and the model that they name. */
  readonly provider: Provider
  readonly model: string
  readonly random: Random
  /** They come so many a second, whatever the others wait for; where it is absent, 16 ask one thing after the other. */
  readonly perSecond?: number
}

/** Requests under way at once. */
const atOnce = 16
/** Share of answers that a user rates: good where it is about what was asked, but for a few who are never content. */
const rated = 0.25
const content = 0.97

export interface Crowd {
  /** No new requests; resolves when those under way are over. */
  readonly stop: () => Promise<void>
}

export function startCrowd({ origin, users, provider, model, random, perSecond }: CrowdOptions): Crowd {
  const pool = new Pool(origin, { connections: perSecond === undefined ? 2 * atOnce : null })
  const over = new AbortController()
  const next = () => ask(users[random.below(users.length)])
  const one = async () => {
    while (!over.signal.aborted) await next()
  }
  const all = perSecond === undefined ? Promise.all(Array.from({ length: atOnce }, one)) : arrivals(perSecond)
  return {
    stop: async () => {
      over.abort()
      await all
      await pool.destroy()
    },
  }

  async function arrivals(rate: number): Promise<void> {
    const startedAt = realClock.elapsed()
    const underWay = new Set<Promise<void>>()
    for (let come = 0; !over.signal.aborted; come++) {
      await realClock.sleep(Math.max(0, startedAt + (1000 * come) / rate - realClock.elapsed()), over.signal)
      const asking = next().finally(() => underWay.delete(asking))
      underWay.add(asking)
    }
    await Promise.all(underWay)
  }

  async function ask(user: DrillUser | undefined): Promise<void> {
    if (user === undefined) return
    const what = `order-${random.below(100_000)}`
    const question = withFields(provider.question(`Where is ${what}?`), user.fields)
    const { path, body } = provider.request(question, { model, stream: random.unit() < 0.5, overrides: {} })
    const isRated = random.unit() < rated
    const isContent = random.unit() < content
    try {
      const answer = await post(`/v1${path}`, body, user.headers)
      const text = await answer.body.text()
      const id = answer.headers['x-shadowgate-id']
      if (!isRated || typeof id !== 'string') return
      const score = isContent && subject.exec(text)?.[0] === what ? 1 : 0
      await (await post('/feedback', { id, score }, {})).body.dump()
    } catch {
      // A user who meets a broken connection goes away: the router has counted it.
    }
  }

  function post(path: string, body: object, headers: Readonly<Record<string, string>>) {
    const sent = { 'content-type': 'application/json', ...headers }
    return pool.request({ method: 'POST', path, headers: sent, body: JSON.stringify(body) })
  }
}
