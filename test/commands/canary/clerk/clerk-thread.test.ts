// The clerk's two ends: what it says after a beginning is about what came since.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type Clerk,
  type ClerkOrder,
  type Replayed,
  startClerk,
} from '../../../../src/commands/canary/clerk/clerk-thread.ts'
import { createThreadRestarts } from '../../../../src/commands/canary/clerk/thread-restarts.ts'
import type { Evaluation } from '../../../../src/core/rollout.ts'
import { servedSchemaId } from '../../../../src/core/served-line.ts'
import { rolloutPolicy } from '../../../../src/gate/policy.ts'
import { temporaryFolder } from '../../../support/cli.ts'
import { targetOf } from '../../../support/sender.ts'
import { plainServed } from '../../../support/served-request.ts'
import { completion } from '../../../support/target.ts'

const from = { since: '', stageSince: '', drills: [], isRenewal: false, restarts: 0 }

const askedAt = (at: string) => ({ at, stageSince: '' })

function started({ logPath, pausesMs }: { logPath?: string; pausesMs?: number[] } = {}) {
  const folder = temporaryFolder()
  const target = targetOf('http://127.0.0.1:1/v1')
  const order: ClerkOrder = {
    policy: rolloutPolicy,
    folder,
    targets: { production: { ...target, arm: 'production' }, candidate: target },
    settings: { production: 'a', candidate: 'b' },
    comparison: { level: 0.95, expectedUsers: 300, minUsers: 50 },
    stratify: null,
    reportsCache: { production: true, candidate: true },
    isCacheMatched: true,
    logPath: logPath ?? join(folder, 'log.jsonl'),
    log: { maxBytes: 1_000_000, maxAgeMs: 1_000_000, keep: 1 },
    personal: null,
    keys: [],
    spans: null,
  }
  const evaluations: Evaluation[] = []
  const troubles: string[] = []
  const anew: string[] = []
  const replayed: Replayed[] = []
  const threads: Worker[] = []
  const keep = (thread: Worker) => threads.push(thread)
  process.on('worker', keep)
  onTestFinished(() => void process.off('worker', keep))
  const clerk = startClerk(
    order,
    {
      onEvaluation: (evaluation) => evaluations.push(evaluation),
      onReplayed: (each) => replayed.push(each),
      onAnew: (because) => {
        anew.push(because)
        // Whoever is told so has the rollout begin again from now.
        clerk.begin({ ...from, isRenewal: true, restarts: anew.length })
      },
      onTrouble: (message) => troubles.push(message),
      onNotice: () => {},
    },
    createThreadRestarts(pausesMs),
  )
  /** Resolves once it is gone. */
  const end = async () => {
    // Node tells of a thread in the next turn.
    await setImmediate()
    await threads.at(-1)?.terminate()
  }
  const evaluated = async (at: string) => {
    const find = () => {
      clerk.evaluate(askedAt(at))
      return evaluations.find((each) => each.at === at)
    }
    await expect.poll(find).toBeDefined()
    return find()
  }
  return { clerk, order, evaluations, troubles, anew, replayed, end, evaluated }
}

/** Of the candidate and the control in turn, each of another user. */
function serve(clerk: Clerk, requests: number): void {
  for (let at = 0; at < requests; at++) {
    const isCandidate = at % 2 === 0
    const arm = isCandidate ? 'candidate' : 'production'
    const group = isCandidate ? 'candidate' : 'control'
    const answer = Buffer.from(JSON.stringify(completion('Hi.')))
    const spoken = { request: Buffer.from('{"messages":[]}'), answer, pieces: new Float64Array([answer.length, 1]) }
    const atMs = Date.parse('2026-11-26T08:00:00.000Z')
    clerk.serve({ ...plainServed, ...spoken, atMs, id: String(at), arm, servedBy: arm, group, user: `u${at}` })
  }
}

it('an evaluation that was asked for before a beginning is none of what begins', async () => {
  const { clerk, order, evaluations } = started()
  clerk.begin(from)
  clerk.evaluate(askedAt('first'))
  clerk.begin(from)
  clerk.evaluate(askedAt('second'))
  clerk.renew(order, { ...from, isRenewal: true })
  clerk.evaluate(askedAt('third'))
  await clerk.close()
  expect(evaluations.map(({ at }) => at)).toEqual(['third'])
})

it('a log that can’t be read does not end the evaluations', async () => {
  const { clerk, order, troubles, evaluated } = started()
  clerk.begin(from)
  // A folder where the log should be.
  clerk.renew({ ...order, logPath: order.folder }, { ...from, since: '2026-01-01T00:00:00.000Z', isRenewal: true })
  expect(await evaluated('after')).toMatchObject({ requests: { candidate: 0 } })
  expect(troubles.join()).toMatch(/EISDIR/)
  await clerk.close()
})

it('that ends does not read its log to the end first, decides nothing by a part of it, and writes what waits', async () => {
  const { clerk, order, evaluations, replayed } = started()
  const line = JSON.stringify({ schema: servedSchemaId, id: 'a', at: '2026-11-26T08:00:00.000Z', outcome: {} })
  writeFileSync(order.logPath, `${line}\n`)
  clerk.begin({ ...from, since: '2026-11-26T00:00:00.000Z' })
  serve(clerk, 2)
  clerk.evaluate(askedAt('after'))
  await clerk.close()
  expect([evaluations, replayed]).toEqual([[], []])
  expect(readFileSync(order.logPath, 'utf8')).toContain('"id":"1"')
})

it('has wider limits each time that evidence begins again, since each is a new chance to be wrong', async () => {
  const { clerk, evaluated } = started()
  clerk.begin(from)
  serve(clerk, 240)
  const widthAfter = async (restarts: number) => {
    clerk.begin({ ...from, since: '2026-11-26T00:00:00.000Z', isRenewal: true, restarts })
    const found = await evaluated(`after ${restarts}`)
    const { effect } = found?.rules?.find((each) => each.rule.metric === 'answered') ?? {}
    return (effect?.high ?? 0) - (effect?.low ?? 0)
  }
  const widths = [await widthAfter(0), await widthAfter(1), await widthAfter(2)]
  expect(widths[0]).toBeGreaterThan(0)
  expect(widths.toSorted((a, b) => a - b)).toEqual(widths)
  expect(new Set(widths).size).toBe(3)
  await clerk.close()
})

it('tells of a stage how many requests the log has of it, and for how long', async () => {
  const { clerk, replayed } = started()
  clerk.begin(from)
  serve(clerk, 8)
  clerk.begin({ ...from, since: '2026-11-26T07:00:00.000Z', stageSince: '2026-11-26T07:59:30.000Z' })
  await expect.poll(() => replayed.at(-1)).toMatchObject({ stageRequests: 4, stageMs: 30_000 })
  await clerk.close()
})

describe('a clerk that ended', () => {
  it('is there again, and knows by the log what it had seen', async () => {
    const { clerk, troubles, anew, end, evaluated } = started({ pausesMs: [0] })
    clerk.begin({ ...from, since: '2026-11-26T00:00:00.000Z' })
    serve(clerk, 8)
    expect(await evaluated('before')).toMatchObject({ requests: { candidate: 4, control: 4 } })
    await end()
    expect(troubles).toEqual([expect.stringContaining('another reads the log again')])
    // While nobody is there: it waits.
    serve(clerk, 2)
    expect(await evaluated('after')).toMatchObject({ requests: { candidate: 5, control: 5 } })
    expect(anew).toEqual([])
    await clerk.close()
  })

  it('soon again is there without what it had seen, and whoever counts on it is told', async () => {
    const { clerk, anew, end, evaluated } = started({ pausesMs: [0, 0] })
    clerk.begin({ ...from, since: '2026-11-26T00:00:00.000Z' })
    serve(clerk, 8)
    await evaluated('before')
    await end()
    await evaluated('between')
    await end()
    expect(await evaluated('after')).toMatchObject({ requests: { candidate: 0, control: 0 } })
    expect(anew).toEqual([expect.stringContaining('ended again within an hour')])
    await clerk.close()
  })

  it('and is not there again when the router ends takes with it what waited, and that is told', async () => {
    const { clerk, troubles, end } = started({ pausesMs: [600_000] })
    clerk.begin(from)
    await end()
    serve(clerk, 2)
    await clerk.close()
    expect(troubles.at(-1)).toMatch(/the log lacks the last 2\srequests/)
    expect(clerk.unread()).toBe(2)
  })

  it('too often stays ended, says so, and holds nothing up', async () => {
    const { clerk, troubles, end } = started({ pausesMs: [] })
    clerk.begin(from)
    await end()
    expect(troubles).toEqual([expect.stringContaining('only guards act')])
    serve(clerk, 2)
    clerk.evaluate(askedAt('after'))
    expect(await clerk.metrics()).toBe('')
    // Nobody will ever read it: it is counted and not kept.
    expect(clerk.unread()).toBe(2)
    await clerk.close()
  })
})

it('an evaluation that comes before all is read says so, and another follows', async () => {
  const { clerk, evaluations } = started()
  clerk.begin({ ...from, since: '2026-11-26T00:00:00.000Z' })
  // More than the clerk is given at once.
  for (let at = 0; at < 24; at++) clerk.serve({ ...plainServed, request: new Uint8Array(256 * 1024) })
  serve(clerk, 8)
  clerk.evaluate(askedAt('asked'))
  await clerk.close()
  expect(evaluations).toHaveLength(2)
  expect(evaluations[0]).toMatchObject({ at: 'asked', isBehind: true, requests: { candidate: 0 } })
  expect(evaluations[1]).toMatchObject({ at: 'asked', requests: { candidate: 4, control: 4 } })
  expect(evaluations[1]).not.toHaveProperty('isBehind')
})
