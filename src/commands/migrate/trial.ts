// One request of each shape to the candidate alone, patched: what it really says. Nothing of it is stored.

import { Fault, unreachable } from '../../core/fault.ts'
import type { Outcome, Target } from '../../core/types.ts'
import { type Asking, type Surveyed, shapeWords } from '../../migrate/survey.ts'
import { createAsker } from '../../replay/ask.ts'
import { usd } from '../../report/format.ts'
import type { Store } from '../../store/store.ts'
import { keyOf } from '../config/resolve.ts'
import { confirmCost, costOfAsking } from '../plan/forecast-run.ts'
import { probeTarget, userAgentOf } from '../replay/preflight.ts'
import type { Session } from '../session/session.ts'

export interface Tried {
  readonly shape: string
  readonly records: number
  readonly example: string
  /** null: nobody knows, since no answer came that is about the request (a limit, an outage, a deadline). */
  readonly isAccepted: boolean | null
  /** Why the model stopped, or the rejection's own words. */
  readonly said: string
  readonly status: number | null
  readonly code: string | null
  readonly tokens: { readonly input: number; readonly output: number } | null
}

/** Statuses that are about the key, the limits or the server, and not about the request. */
const aboutSomethingElse = new Set([401, 402, 403, 408, 409, 425, 429])

/** Faults: KEY_MISSING, KEY_REFUSED, TARGET_UNREACHABLE, UNCONFIRMED, INTERRUPTED. */
export async function tryShapes(
  session: Session,
  store: Store,
  { asking, shapes }: { readonly asking: Asking; readonly shapes: readonly Surveyed[] },
): Promise<readonly Tried[]> {
  const { config, world } = session
  const target: Target = { ...session.targets.candidate, rename: asking.rename, overrides: asking.overrides }
  const order = {
    target,
    key: keyOf(target, world.env, 'targets.candidate'),
    headers: config.targets.candidate.headers,
  }
  const costUsd = await costOfAsking(
    session,
    store,
    shapes.map(({ example }) => example),
  )
  session.say(
    `try      ${shapes.length} requests, ${costUsd === null ? 'at an unknown cost' : `about ${usd(costUsd)}`}`,
  )
  await confirmCost(session, costUsd, 'this trial')
  await probeTarget(session, 'candidate', order)
  const asker = createAsker({
    order,
    provider: asking.provider,
    retry: { retries: target.retries, rounds: config.replay.rounds, maxWaitMs: config.replay.maxWaitMs },
    keepFree: config.replay.keepFree,
    seed: config.sample.seed,
    userAgent: userAgentOf(session),
    clock: world.clock,
    drain: world.drain,
  })
  const leave = () => void asker.close()
  world.leave.addEventListener('abort', leave, { once: true })
  try {
    const tried = await Promise.all(
      shapes.map(async (shape): Promise<Tried> => {
        const body = await store.bodyOf(shape.example)
        const outcome: Outcome =
          body === null
            ? { kind: 'broken', detail: 'the record is gone' }
            : await asker.askAgain(shape.example, body, { stream: asking.isStreamed(body) })
        return triedOf(shape, outcome)
      }),
    )
    if (world.drain.aborted) throw new Fault('INTERRUPTED', 'interrupted while the candidate was tried')
    return tried
  } finally {
    world.leave.removeEventListener('abort', leave)
    await asker.close()
  }
}

function triedOf({ shape, records, example }: Surveyed, outcome: Outcome): Tried {
  const head = { shape: shapeWords(shape), records, example, status: null, code: null, tokens: null }
  switch (outcome.kind) {
    case 'reply': {
      const { stop, usage } = outcome.reply
      const tokens = usage && { input: usage.input, output: usage.output }
      return { ...head, isAccepted: true, said: `stopped: ${stop}`, tokens }
    }
    case 'rejected': {
      const { status, code, detail } = outcome
      const isAboutIt = status < 500 && !aboutSomethingElse.has(status)
      return { ...head, isAccepted: isAboutIt ? false : null, said: detail, status, code }
    }
    case 'timeout':
      return { ...head, isAccepted: null, said: `no answer in time (${outcome.phase})` }
    case 'broken':
      return { ...head, isAccepted: null, said: outcome.detail }
    case 'cancelled':
      return { ...head, isAccepted: null, said: 'not sent' }
    default:
      return unreachable(outcome)
  }
}
