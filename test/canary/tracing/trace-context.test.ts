// Whose trace a request is of: by the rules of W3C Trace Context, and recorded as the client or our own ratio says.

import { describe, expect, it } from 'vitest'
import { isRecorded, type Sampling, type Trace, traceOf, withTrace } from '../../../src/canary/tracing/trace-context.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentId = 'b7ad6b7169203331'
const always: Sampling = { isParentBased: true, ratio: 1 }
const never: Sampling = { isParentBased: true, ratio: 0 }
const stand = { mode: 'canary', stage: 2 } as const

const asked = (headers: Record<string, string>, sampling = always) => traceOf(headers, sampling, stand)

function sent(trace: Trace, headers: Record<string, string> = {}) {
  const request = { method: 'POST', path: '/v1/chat/completions', headers, body: null }
  return withTrace(request, trace, 'candidate').headers
}

function made(trace: Trace | null): Trace {
  if (trace === null) throw new Error('there is no trace')
  return trace
}

describe('a trace of the client’s', () => {
  it('goes on with us as its child, and with each arm as ours', () => {
    const trace = made(asked({ traceparent: `00-${traceId}-${parentId}-01`, tracestate: 'vendor=1,other=2' }))
    expect(trace).toMatchObject({ traceId, parentId, state: 'vendor=1,other=2', flags: 1, ...stand })
    const ids = [parentId, trace.spanId, trace.exchangeIds.production, trace.exchangeIds.candidate]
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^[\da-f]{16}$/)
    expect(sent(trace, { traceparent: 'old', tracestate: 'old', accept: '*/*' })).toEqual({
      accept: '*/*',
      traceparent: `00-${traceId}-${trace.exchangeIds.candidate}-01`,
      tracestate: 'vendor=1,other=2',
    })
  })

  it('is left alone where the client does not record it', () => {
    expect(asked({ traceparent: `00-${traceId}-${parentId}-00` })).toBeNull()
  })

  it('is recorded where the client says so, whatever our own ratio', () => {
    const trace = made(asked({ traceparent: `00-${traceId}-${parentId}-01` }, never))
    expect(isRecorded(trace)).toBe(true)
  })

  it('keeps the flag of a random id, and no flag that nobody knows', () => {
    expect(asked({ traceparent: `00-${traceId}-${parentId}-ff` })?.flags).toBe(3)
  })

  it('may be of a later version, which begins the same way', () => {
    expect(asked({ traceparent: `cc-${traceId}-${parentId}-01-what-will-be` })).toMatchObject({ traceId, parentId })
  })
})

describe('a trace begins anew, and the old state is not its own', () => {
  it.each([
    ['no header', {}],
    ['an empty one', { traceparent: '' }],
    ['two of them', { traceparent: `00-${traceId}-${parentId}-01, 00-${traceId}-${parentId}-01` }],
    ['a version that is forbidden', { traceparent: `ff-${traceId}-${parentId}-01` }],
    ['a trace of zeros', { traceparent: `00-${'0'.repeat(32)}-${parentId}-01` }],
    ['a parent of zeros', { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` }],
    ['capitals', { traceparent: `00-${traceId.toUpperCase()}-${parentId}-01` }],
    ['more than version 00 has', { traceparent: `00-${traceId}-${parentId}-01-more` }],
    ['a later version that goes on without a dash', { traceparent: `01-${traceId}-${parentId}-01more` }],
    ['too short a trace', { traceparent: `00-${traceId.slice(1)}-${parentId}-01` }],
  ])('%s', (_, headers) => {
    const trace = made(asked({ ...headers, tracestate: 'vendor=1' }))
    expect(trace.traceId).toMatch(/^[\da-f]{32}$/)
    expect(trace).toMatchObject({ parentId: null, state: null, flags: 3 })
    expect(trace.traceId).not.toBe(traceId)
    expect(sent(trace, { tracestate: 'vendor=1' })).not.toHaveProperty('tracestate')
  })
})

describe('our own ratio', () => {
  it('chooses so large a share of the traces that begin here, and tells the target which', () => {
    const traces = Array.from({ length: 4000 }, () => made(asked({}, { isParentBased: true, ratio: 0.25 })))
    const recorded = traces.filter(isRecorded)
    // Six standard deviations either way.
    expect(Math.abs(recorded.length / 4000 - 0.25)).toBeLessThan(0.042)
    const dropped = made(traces.find((trace) => !isRecorded(trace)) ?? null)
    expect(sent(dropped)['traceparent']).toMatch(/-02$/)
    expect(sent(made(recorded[0] ?? null))['traceparent']).toMatch(/-03$/)
  })

  it('keeps the same traces wherever it is asked, by the id alone', () => {
    const [low, high] = [`${'1'.repeat(18)}3fffffffffffff`, `${'1'.repeat(18)}c0000000000000`]
    const of = (id: string, ratio: number) =>
      asked({ traceparent: `00-${id}-${parentId}-00` }, { isParentBased: false, ratio })?.flags
    expect([of(low, 0.5), of(high, 0.5), of(low, 1), of(high, 0)]).toEqual([0, 1, 1, 0])
    expect([of(low, 0.75), of(low, 0.7)]).toEqual([0, 0])
    expect(of(`${'1'.repeat(18)}40000000000000`, 0.75)).toBe(1)
  })
})
