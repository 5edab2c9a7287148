// The lane's small parts: ids, packing, patience, and who has a batch API.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src/core/types.ts'
import { type BatchResult, HttpTrouble } from '../../../src/replay/batch/batch-api.ts'
import { batchApiOf } from '../../../src/replay/batch/batch-apis.ts'
import { collect } from '../../../src/replay/batch/collect.ts'
import { customIdOf } from '../../../src/replay/batch/custom-id.ts'
import { createPacker } from '../../../src/replay/batch/packer.ts'
import { patiently } from '../../../src/replay/batch/patience.ts'
import type { Call } from '../../../src/replay/plan.ts'
import { never } from '../../support/driving.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { replyOf } from '../../support/nouns.ts'

const callOf = (ordinal: number): Call => ({
  recordId: `r${ordinal}`,
  ordinal,
  arm: 'production',
  trial: 0,
  position: 0,
})

describe('a custom id', () => {
  it('names run, record, arm and trial', () => {
    const recordId = '0123456789abcdef01234567-12'
    expect(customIdOf('20261123-023000-1f3c', 'candidate', { recordId, trial: 1 })).toBe(
      '20261123-023000-1f3c_0123456789abcdef01234567-12_c1',
    )
  })
  it('keeps the rule of the strictest provider, whatever the names are, and is one call’s alone', () => {
    const name = fc.string({ minLength: 1, maxLength: 80 })
    const call = fc.record({
      run: name,
      recordId: name,
      arm: fc.constantFrom('production' as const, 'candidate' as const),
      trial: fc.nat(1),
    })
    const idOf = ({
      run,
      arm,
      ...rest
    }: {
      run: string
      arm: 'production' | 'candidate'
      recordId: string
      trial: number
    }) => customIdOf(run, arm, rest)
    fc.assert(
      fc.property(call, call, (one, other) => {
        expect(idOf(one)).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
        if (
          one.run === other.run &&
          (one.recordId !== other.recordId || one.arm !== other.arm || one.trial !== other.trial)
        ) {
          expect(idOf(one)).not.toBe(idOf(other))
        }
      }),
    )
  })
})

describe('the packer', () => {
  it('fills batches by number and by bytes, and keeps groups apart; nothing is lost', () => {
    const line = fc.record({ group: fc.constantFrom('a', 'b'), text: fc.string({ unit: 'grapheme', maxLength: 30 }) })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (lines, requests) => {
        const limits = { requests, bytes: 60 }
        const packer = createPacker(limits)
        const full = lines.flatMap(
          ({ group, text }, index) => packer.add(group, callOf(index), `${group}${text}`) ?? [],
        )
        const all = [...full, ...packer.rest()]
        for (const packed of all) {
          expect(packed.calls.length).toBe(packed.lines.length)
          expect(packed.lines.length).toBeLessThanOrEqual(requests)
          const bytes = Buffer.byteLength(`${packed.lines.join('\n')}\n`)
          if (packed.lines.length > 1) expect(bytes).toBeLessThanOrEqual(60)
          expect(new Set(packed.lines.map((each) => each.charAt(0))).size).toBe(1)
        }
        expect(all.flatMap(({ calls }) => calls.map(({ ordinal }) => ordinal)).toSorted((a, b) => a - b)).toEqual(
          lines.map((_, index) => index),
        )
        expect(packer.rest()).toEqual([])
      }),
    )
  })
})

describe('patience', () => {
  const patient = async (failures: readonly (HttpTrouble | Error)[], maxWaitMs = 60_000) => {
    const clock = createFakeClock()
    const left = [...failures]
    const triedAt: number[] = []
    const result = patiently(
      async (tries) => {
        triedAt.push(clock.elapsed())
        const failure = left.shift()
        if (failure) throw failure
        return tries
      },
      { clock, drain: never, maxWaitMs },
    ).catch((error: unknown) => error)
    await clock.advance(300_000)
    return { result: await result, triedAt }
  }
  const down = new HttpTrouble(503, 'down')

  it('tries again with longer and longer waits', async () => {
    expect(await patient([down, down, new HttpTrouble(null, 'reset')])).toEqual({
      result: 3,
      triedAt: [0, 500, 1500, 3500],
    })
  })
  it('waits as long as it is asked to', async () => {
    expect(await patient([new HttpTrouble(429, 'slow', { afterMs: 9000 })])).toEqual({ result: 1, triedAt: [0, 9000] })
  })
  it('but not longer than that', async () => {
    const asked = new HttpTrouble(429, 'slow', { afterMs: 90_000 })
    expect(await patient([asked])).toEqual({ result: asked, triedAt: [0] })
  })
  it('gives up in the end, and at once on what will not pass', async () => {
    expect(await patient(Array.from({ length: 9 }, () => down))).toMatchObject({ result: down, triedAt: { length: 7 } })
    const bad = new HttpTrouble(400, 'bad')
    expect(await patient([bad])).toEqual({ result: bad, triedAt: [0] })
    const bug = new Error('bug')
    expect(await patient([bug])).toEqual({ result: bug, triedAt: [0] })
  })
})

describe('who has a batch API', () => {
  const target = { arm: 'candidate', vendor: null } as const
  it.each(['openai-chat', 'openai-responses', 'openai-completions', 'anthropic-messages'])('%s has', (api) => {
    expect(batchApiOf({ ...target, api }, 'here')).toBeTypeOf('function')
  })
  it.each([
    [{ api: 'gemini-generate-content', vendor: null }, 'there are batches of openai-chat'],
    [{ api: 'constructor', vendor: null }, 'there are batches of openai-chat'],
    [{ api: 'openai-chat', vendor: 'vllm' }, 'there are those of azure-openai, groq'],
  ])('%j has none', (parts, says) => {
    expect(() => batchApiOf({ ...target, ...parts }, 'here')).toThrow(says)
  })
  it.each(['azure-openai', 'groq', 'litellm', 'portkey', 'portkey-gateway'])('the vendor %s has', (vendor) => {
    expect(batchApiOf({ ...target, api: 'openai-chat', vendor }, 'here')).toBeTypeOf('function')
  })
})

describe('results that are collected', () => {
  const batch = { arm: 'candidate', submittedAt: '2026-11-23T00:00:00.000Z' } as const
  const calls = new Map(
    ['r0', 'r1'].map((recordId, ordinal) => [`id-${recordId}`, { recordId, ordinal, trial: 0, position: ordinal }]),
  )
  const sources = [{ url: 'here', elsewhere: null }]
  const of = async (results: readonly Omit<BatchResult, 'httpStatus'>[], mayAskAgain = false) => {
    const stored: Attempt[] = []
    const api = {
      async *results() {
        for (const result of results) yield { httpStatus: null, ...result }
      },
    }
    const isDone = ({ recordId }: { recordId: string }) => stored.some((each) => each.recordId === recordId)
    const collected = await collect(sources, { api, batch, calls, isDone, mayAskAgain: () => mayAskAgain }, (attempt) =>
      stored.push(attempt),
    )
    return { ...collected, stored: stored.map(({ recordId, outcome }) => [recordId, outcome]) }
  }
  const secret = 'sk-proj-0123456789abcdefghijABCDEFGHIJ0123456789'

  it('of somebody else’s requests alone are no answer to ours, and use up no try', async () => {
    const foreign = [{ customId: 'id-other', outcome: replyOf(), isFinal: true }]
    expect(await of(foreign)).toEqual({
      isForeign: true,
      stored: [],
      again: new Map(['r0', 'r1'].map((id) => [`${id} candidate 0`, 'missing'])),
    })
  })
  it('hold no credential that an answer repeats', async () => {
    const { stored } = await of([
      { customId: 'id-r0', outcome: replyOf({ text: `Your key is ${secret}.` }), isFinal: true },
    ])
    expect(JSON.stringify(stored)).not.toContain(secret)
  })
  it('that lack a call give it up, or ask again', async () => {
    const one = [{ customId: 'id-r1', outcome: replyOf(), isFinal: true }]
    const detail = 'missing: the batch ended without an answer to it'
    expect((await of(one)).stored).toEqual([
      ['r1', replyOf()],
      ['r0', { kind: 'broken', detail }],
    ])
    expect(await of(one, true)).toMatchObject({ isForeign: false, again: new Map([['r0 candidate 0', 'missing']]) })
  })
})
