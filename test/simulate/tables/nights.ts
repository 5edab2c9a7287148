// Many nights: false alarms in a year, how soon a change is told, and how often a candidate at a margin comes to GO.

import type { NightSummary } from '../../../src/core/across.ts'
import { acrossNights } from '../../../src/gate/across/across.ts'
import { alphaPassOf } from '../../../src/gate/looks.ts'
import { alwaysValidAlpha, normalCdf, normalQuantile } from '../../../src/stats/index.ts'
import type { Chance } from '../chance.ts'
import { type Case, errorFigure, type Figure, meanFigure, shareFigure } from '../study.ts'

const year = 365
/** Requests of a night, and the standard error of its effects. */
const [records, error] = [500, 0.012]
/** Of an effect's variance, what lies in the requests and comes back with them; the rest is each night's own. */
const ofRequests = 0.6
/** Rules that are followed, and figures of drift. */
const [rules, figuresOfDrift] = [12, 5]
const level = 0.95
const dayMs = 24 * 60 * 60 * 1000

/** One effect, night by night, in standard errors about the truth. `cohort`: share of the requests that come back every night. */
function deviations(chance: Chance, nights: number, cohort: number): Float64Array {
  const kept = Math.sqrt(cohort) * chance.normal()
  return Float64Array.from({ length: nights }, () => {
    const fresh = cohort === 1 ? 0 : Math.sqrt(1 - cohort) * chance.normal()
    return Math.sqrt(ofRequests) * (kept + fresh) + Math.sqrt(1 - ofRequests) * chance.normal()
  })
}

interface Drawn {
  readonly nights: number
  readonly cohort: number
  /** Standard errors by which the first rule, and the first figure of drift beyond its margin, lie elsewhere from `from` on. */
  readonly rule?: number
  readonly drift?: number
  readonly from?: number
}

function summaries(chance: Chance, { nights, cohort, rule = 0, drift = 0, from = nights }: Drawn): NightSummary[] {
  const streams = Array.from({ length: rules + figuresOfDrift }, () => deviations(chance, nights, cohort))
  return Array.from({ length: nights }, (_, night) => {
    const has = night >= from
    const z = (stream: number, more: number) => (streams[stream]?.[night] ?? 0) + (has ? more : 0)
    const findings = Array.from({ length: rules }, (__, place) => ({
      metric: `rule-${place}`,
      segment: null,
      severity: 'block' as const,
      outcome: 'pass' as const,
      margin: 0.05,
      scale: 'difference' as const,
      better: 'lower' as const,
      effect: effectAt(z(place, place === 0 ? rule : 0)),
    }))
    // At their margins, where drift is told most often without there being more of it than is allowed.
    const drifts = Array.from({ length: figuresOfDrift }, (__, place) => {
      const own = z(rules + place, place === 0 ? drift : 0)
      const p = normalCdf(-own)
      return { metric: `drift-${place}`, margin: 0.05, effect: null, outcome: 'inconclusive' as const, p, because: '' }
    })
    return {
      runId: String(night).padStart(3, '0'),
      startedAt: new Date(night * dayMs).toISOString(),
      decision: 'GO' as const,
      held: false,
      swap: 'swap',
      policy: 'policy',
      alphaPass: 1 - level,
      records,
      repeated: night === 0 ? 0 : Math.round(cohort * records),
      findings,
      drift: { outcome: 'unclear' as const, because: '', findings: drifts, records, leftOut: {} },
      servedModels: { production: [], candidate: [] },
    }
  })
}

function effectAt(z: number) {
  const reach = -normalQuantile(1 - level) * error
  const estimate = z * error
  return { estimate, interval: { low: estimate - reach, high: estimate + reach, level: 2 * level - 1 }, units: records }
}

interface Row {
  readonly name: string
  readonly n: number
  readonly runs: number
  readonly figures: readonly Figure[]
  readonly replicate: (chance: Chance) => readonly number[]
}

const cohorts = [0, 0.5, 1]
const cohortWords = (cohort: number) => (cohort === 0 ? 'new requests' : `${100 * cohort} % the same`)

const quietYears: readonly Row[] = cohorts.map((cohort) => ({
  name: `no change, ${cohortWords(cohort)}`,
  n: year,
  runs: 0.5,
  figures: [errorFigure('a false alarm', null), errorFigure('of drift', null), errorFigure('of a rule', null)],
  replicate: (chance) => {
    const { alarms } = acrossNights(summaries(chance, { nights: year, cohort }))
    const has = (kind: string) => (alarms.some((alarm) => alarm.kind === kind) ? 1 : 0)
    return [alarms.length > 0 ? 1 : 0, has('drifted'), has('moved')]
  },
}))

/** The night of the change, and how many nights are waited for an alarm. */
const [changeAt, patience] = [60, 60]

const changes: readonly Row[] = [
  ...[3, 5, 7].map((size) => ({ what: 'drift' as const, kind: 'drifted', size })),
  ...[4, 6, 8].map((size) => ({ what: 'rule' as const, kind: 'moved', size })),
].flatMap(({ what, kind, size }) =>
  [0, 1].map((cohort) => ({
    name: `${what} by ${size} s.e., ${cohortWords(cohort)}`,
    n: changeAt + patience,
    runs: 0.3,
    figures: [shareFigure('that night', null), shareFigure('within 7', null), meanFigure('nights, at most 60', null)],
    replicate: (chance: Chance) => {
      const nights = summaries(chance, { nights: changeAt + patience, cohort, [what]: size, from: changeAt })
      const found = acrossNights(nights).alarms.find((alarm) => alarm.kind === kind && Number(alarm.runId) >= changeAt)
      const after = found === undefined ? patience : Number(found.runId) - changeAt
      return [after === 0 ? 1 : 0, after < 7 ? 1 : 0, after + 1]
    },
  })),
)

/** How far inside its margin the candidate is, in standard errors; whether it is shown to hold on one of the first so many nights. */
function goesBy(chance: Chance, inside: number, cohort: number, alpha: number, ends: readonly number[]): number[] {
  const z = deviations(chance, Math.max(...ends), cohort)
  const first = z.findIndex((each) => inside - each > -normalQuantile(alpha))
  return ends.map((end) => (first >= 0 && first < end ? 1 : 0))
}

const waiting: readonly Row[] = [1, 7, 30].flatMap((nights) =>
  [0, 1].flatMap((cohort): Row[] => {
    const ends = [1, 7, 30, year]
    const alpha = alphaPassOf({ level, nights })
    const names = ends.map((end) => `by night ${end}`)
    const isKept = (end: number) => end <= nights
    const spread = nights === 1 ? 'each night at 5 %' : `5 % over ${nights} nights`
    return [
      {
        name: `at the margin, ${spread}, ${cohortWords(cohort)}`,
        n: year,
        runs: 4,
        figures: ends.map((end, at) => (isKept(end) ? errorFigure : shareFigure)(names[at] ?? '', null)),
        replicate: (chance) => goesBy(chance, 0, cohort, alpha, ends),
      },
      {
        name: `equal (3 s.e. inside), ${spread}, ${cohortWords(cohort)}`,
        n: year,
        runs: 4,
        figures: names.map((name) => shareFigure(name, null)),
        replicate: (chance) => goesBy(chance, 3, cohort, alpha, ends),
      },
    ]
  }),
)

/**
 * What was not taken: all nights as one growing sample, by limits that hold at every moment (`alwaysValidAlpha`). It is the better
 * test where every night brings new requests, and errs where they come back.
 */
const combined: readonly Row[] = [0, 1].flatMap((cohort) =>
  [0, 3].map((inside) => ({
    name: `${inside === 0 ? 'at the margin' : 'equal (3 s.e. inside)'}, nights combined, ${cohortWords(cohort)}`,
    n: year,
    runs: 1,
    figures: [7, 30, year].map((end) => shareFigure(`by night ${end}`, null)),
    replicate: (chance: Chance) => {
      const z = deviations(chance, year, cohort)
      let [sum, first] = [0, Infinity]
      for (const [night, each] of z.entries()) {
        sum += inside - each
        const alpha = alwaysValidAlpha({ n: (night + 1) * records, nOptimal: 7 * records, alphaOneSided: 1 - level })
        if (sum / Math.sqrt(night + 1) > -normalQuantile(alpha)) first = Math.min(first, night)
      }
      return [7, 30, year].map((end) => (first < end ? 1 : 0))
    },
  })),
)

export const nightCases: readonly Case[] = [...quietYears, ...changes, ...waiting, ...combined].map(
  ({ replicate, ...row }) => ({
    table: 'nights',
    isInferred: true,
    isStricter: null,
    ...row,
    prepare: () => replicate,
  }),
)
