// Faults for a drill: spoils some of the candidate's answers on their way, so that proxy, guards and statistics are the real ones.

import type { Clock } from '../../core/clock.ts'
import type { Timeouts } from '../../core/types.ts'
import type { ArmConnections } from '../proxy/forward.ts'
import { answering, cutting, hanging, lateBy, lengthening, replacing, resetting, type Spoil } from './spoil.ts'

export interface Fault {
  readonly name: string
  /** As the report calls it. */
  readonly title: string
  /** What rules may see of it: names of summaries. */
  readonly touches: readonly string[]
  /** Whether the proxy knows that no answer came: then guards see it, and production can answer instead. */
  readonly isPlain: boolean
  readonly spoil: Spoil
}

const times = ['latency-p50', 'latency-p95', 'ttft-p50', 'ttft-p95']
const bill = ['answer-length', 'output-tokens', 'total-tokens', 'cost']
/** Users say so where an answer is no help. */
const texts = [...bill, 'feedback']
const none = ['answered', ...times]

const refusal = "I'm sorry, but I can't assist with that request."
const otherAnswer =
  'Canberra is the capital of Australia. It was founded in 1913 between Sydney and Melbourne, since neither would have had the other.'

export const faults = [
  { name: 'slow-2', title: 'slow × 2', touches: times, isPlain: false, spoil: lateBy({ factor: 2, what: 'all' }) },
  { name: 'slow-5', title: 'slow × 5', touches: times, isPlain: false, spoil: lateBy({ factor: 5, what: 'all' }) },
  {
    name: 'late-token',
    title: 'first token × 5',
    touches: times,
    isPlain: false,
    spoil: lateBy({ factor: 5, what: 'first' }),
  },
  { name: 'error-500', title: 'error 500', touches: none, isPlain: true, spoil: answering(500) },
  { name: 'error-429', title: 'error 429', touches: none, isPlain: true, spoil: answering(429) },
  { name: 'reset', title: 'connection reset', touches: none, isPlain: true, spoil: resetting },
  { name: 'hang', title: 'no answer at all', touches: none, isPlain: true, spoil: hanging },
  {
    name: 'refusal',
    title: 'refusals',
    touches: ['refused', ...texts],
    isPlain: false,
    spoil: replacing({ text: refusal, isRefusal: true }),
  },
  {
    name: 'tokens',
    title: 'tokens × 2',
    touches: ['repetitive', ...bill],
    isPlain: false,
    spoil: lengthening,
  },
  { name: 'cut', title: 'cut in the middle', touches: [...none, 'feedback'], isPlain: false, spoil: cutting },
  {
    name: 'empty',
    title: 'empty answers',
    touches: ['answered', ...texts],
    isPlain: false,
    spoil: replacing({ text: '', isRefusal: false }),
  },
  {
    name: 'other-answer',
    title: "another question's answer",
    touches: ['json-valid', 'json-kept', 'same-language', ...texts],
    isPlain: false,
    spoil: replacing({ text: otherAnswer, isRefusal: false }),
  },
] as const satisfies readonly Fault[]

export type FaultName = (typeof faults)[number]['name']

export function faultNamed(name: FaultName): Fault {
  const found = faults.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no fault is called ${name}`)
  return found
}

/** So many of the answers, 0..1, are to be spoilt so. */
export interface FaultOrder {
  readonly fault: FaultName
  readonly share: number
}

export interface FaultOptions {
  /** What is to be spoilt at this moment; null for nothing. */
  readonly order: () => FaultOrder | null
  /** The API that the arm answers in: a name of the `providers` roster. */
  readonly api: string
  /** As the arm calls it. */
  readonly model: string
  readonly timeouts: Pick<Timeouts, 'firstTokenMs'>
  /** Uniform in [0, 1). */
  readonly chance: () => number
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>
}

/** What is not spoilt passes byte for byte, as if nothing were between. */
export function withFaults(connections: ArmConnections, options: FaultOptions): ArmConnections {
  const { order: ordered, chance } = options
  return {
    ...connections,
    send: (request, sink) => {
      const order = ordered()
      if (order === null || chance() >= order.share) return connections.send(request, sink)
      const { spoil } = faultNamed(order.fault)
      const exchange = spoil((own) => connections.send(request, own), sink, options)
      return { ...exchange, drill: order.fault }
    },
  }
}
