// Regressions planted in drawn pairs: a gate that does not see these sees nothing.

import type { Segment } from '../core/judgement.ts'
import type { Random } from '../core/random.ts'
import { absenceReasons, type MeasureColumn } from '../core/types.ts'
import type { Metric } from './metric.ts'
import { type Drawn, isPresent } from './resample.ts'

/** Makes the candidate of a drawn sample worse, in place. */
export type Plant = (drawn: Drawn, random: Random) => void

type Keep = (index: number) => boolean

const everywhere: Keep = () => true

/** The records of a segment. */
function within({ records }: Drawn, segment: Segment | null): Keep {
  return segment === null ? everywhere : (index) => records[index]?.segments[segment.key] === segment.value
}

function columnsOf({ measures }: Drawn, ...names: readonly string[]): MeasureColumn[] {
  return measures.filter(({ metric }) => names.includes(metric))
}

/** Every number of these metrics times `factor`: in one segment, or everywhere. */
export function scaled(names: readonly string[], factor: number, segment: Segment | null = null): Plant {
  return (drawn) => {
    const keep = within(drawn, segment)
    for (const column of columnsOf(drawn, ...names)) {
      for (let index = 0; index < column.candidate.length; index++)
        if (keep(index)) column.candidate[index] = (column.candidate[index] ?? 0) * factor
    }
  }
}

/** A share of the candidate's calls gets no answer: infinitely slow, and nothing else is known of it. */
export function unanswered(share: number): Plant {
  return (drawn, random) => {
    const lost = drawn.records.map(() => random.unit() < share)
    const noReply = absenceReasons.indexOf('no-reply')
    for (const column of drawn.measures) {
      for (const [index, isLost] of lost.entries()) {
        if (!isLost || !isPresent(column, index)) continue
        if (column.metric === 'answered') column.candidate[index] = 0
        else if (column.metric === 'latency' || column.metric === 'ttft') column.candidate[index] = Infinity
        else column.absent[index] = noReply
      }
    }
  }
}

/**
 * The candidate's share of a yes-or-no metric moved by `points` (0.02 is two percentage points) in the direction that is worse, as
 * far as there is room; `mayTurn`: in the other direction where there is none.
 */
export function shifted({ name, better }: Pick<Metric, 'name' | 'better'>, points: number, mayTurn = false): Plant {
  return (drawn, random) => {
    for (const column of columnsOf(drawn, name)) {
      const counts = [0, 0]
      for (let index = 0; index < column.candidate.length; index++) {
        const value = column.candidate[index] ?? 0
        if (isPresent(column, index)) counts[value] = (counts[value] ?? 0) + 1
      }
      const [zeros = 0, ones = 0] = counts
      const all = zeros + ones
      const worse = better === 'higher' ? 1 : 0
      const from = mayTurn && (counts[worse] ?? 0) < points * all ? 1 - worse : worse
      const to = 1 - from
      const here = counts[from] ?? 0
      const chance = here === 0 ? 0 : (points * all) / here
      for (let index = 0; index < column.candidate.length; index++)
        if (column.candidate[index] === from && random.unit() < chance) column.candidate[index] = to
    }
  }
}

/** The candidate's rate (a share of weights) lowered by `points`, as far as there is room. */
export function lowered(name: string, points: number): Plant {
  return (drawn) => {
    for (const column of columnsOf(drawn, name)) {
      let [part, whole] = [0, 0]
      for (let index = 0; index < column.candidate.length; index++) {
        if (!isPresent(column, index)) continue
        part += column.candidate[index] ?? 0
        whole += column.candidateWeight[index] ?? 0
      }
      const rate = whole === 0 ? 0 : part / whole
      const factor = rate === 0 ? 1 : Math.max(0, 1 - points / rate)
      for (let index = 0; index < column.candidate.length; index++)
        column.candidate[index] = (column.candidate[index] ?? 0) * factor
    }
  }
}
