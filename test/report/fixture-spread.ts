// The fixture's latencies and tokens: calls without an answer, answers of no token, and what score makes of them.

import type { ArmNumbers } from '../../src/core/shift.ts'
import { type Comparison, type MeasureColumn, present } from '../../src/core/types.ts'
import type { ReportInput } from '../../src/report/input.ts'
import { buildScoreTable } from '../../src/score/columns.ts'
import { latencyShifts, tokenUse } from '../../src/score/shifts.ts'

/** Numbers 0..1 that look random and are the same everywhere (Park and Miller). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** What a run of so many pairs measured, and what its report is told of it. */
export function spread(size: number): Pick<ReportInput, 'latencies' | 'latencyShifts' | 'tokens'> {
  const measured = latencies(size)
  return spreadOf({ latencies: measured, tokens: tokens(size), noise: firstOf(measured.production, 394) })
}

interface Measured {
  readonly latencies: ArmNumbers
  readonly tokens: { readonly input: ArmNumbers; readonly output: ArmNumbers; readonly cached: ArmNumbers | null }
  /** Production against its own second answer. */
  readonly noise: ArmNumbers | null
}

/** The same of other numbers. */
export function spreadOf(measured: Measured): Pick<ReportInput, 'latencies' | 'latencyShifts' | 'tokens'> {
  const { input, output, cached } = measured.tokens
  const total = {
    production: sum(input.production, output.production),
    candidate: sum(input.candidate, output.candidate),
  }
  const columns = [
    columnOf('latency', measured.latencies),
    ...(measured.noise ? [columnOf('latency', measured.noise, 'noise')] : []),
    columnOf('output-tokens', output),
    columnOf('total-tokens', total),
    ...(cached
      ? [
          {
            ...columnOf('cache-hit-rate', cached),
            productionWeight: input.production,
            candidateWeight: input.candidate,
          },
        ]
      : []),
  ]
  const length = Math.max(measured.latencies.production.length, output.production.length)
  const records = Array.from({ length }, (_, index) => ({ id: `r${index}`, cluster: null, segments: {} }))
  const table = buildScoreTable(records, columns)
  return { latencies: measured.latencies, latencyShifts: latencyShifts(table, 0.95), tokens: tokenUse(table, 0.95) }
}

function columnOf(
  metric: string,
  { production, candidate }: ArmNumbers,
  comparison: Comparison = 'candidate',
): MeasureColumn {
  const { length } = production
  return {
    metric,
    comparison,
    version: 1,
    ordinal: Int32Array.from({ length }, (_, index) => index),
    production,
    productionWeight: new Float64Array(length),
    candidate,
    candidateWeight: new Float64Array(length),
    absent: new Uint8Array(length).fill(present),
  }
}

function sum(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, place) => value + (other[place] ?? 0))
}

function latencies(size: number): ArmNumbers {
  const next = sequence(7)
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())
  const production = new Float64Array(size)
  const candidate = new Float64Array(size)
  for (let index = 0; index < size; index += 1) {
    const hardness = normal() * 0.45
    production[index] = 812 * Math.exp(hardness + normal() * 0.4)
    const isSlow = next() < 0.09
    candidate[index] = next() < 0.05 ? Infinity : (isSlow ? 4900 : 760) * Math.exp(hardness + normal() * 0.3)
  }
  return { production, candidate }
}

/** A second answer to the first so many: as quick, but for chance. */
function firstOf(production: Float64Array, size: number): ArmNumbers {
  const next = sequence(11)
  const first = production.subarray(0, size)
  return { production: first, candidate: first.map((ms) => ms * (0.8 + 0.4 * next())) }
}

/** The candidate is terse, and now and then says nothing at all. */
function tokens(size: number): Measured['tokens'] {
  const next = sequence(13)
  const numbers = (of: () => number) => Float64Array.from({ length: size }, of)
  const input = numbers(() => 60 + Math.floor(400 * next() ** 2))
  const production = numbers(() => 1 + Math.floor(560 * next() ** 1.6))
  const candidate = production.map((each) => (next() < 0.04 ? 0 : Math.max(1, Math.round(each * (0.1 + 0.6 * next())))))
  const cached = {
    production: input.map((each) => Math.floor(each * 0.314)),
    candidate: input.map((each) => Math.floor(each * 0.32)),
  }
  return { input: { production: input, candidate: input }, output: { production, candidate }, cached }
}
