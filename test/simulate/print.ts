// The tables as people read them: what was measured, its error, and the design's figure beside.

import type { Measured, Outcome } from './run-case.ts'
import type { Case, TableName } from './study.ts'

export interface Simulated {
  readonly case: Case
  readonly outcome: Outcome
}

const titles: Readonly<Record<TableName, string>> = {
  quantiles: 'Ratio of latency quantiles at its margin',
  means: 'Ratio of mean output tokens at its margin',
  shares: 'Difference of shares of the same pairs at its margin',
  dependence: 'Pairs that depend on each other',
  'whole-gate': 'The whole gate, judged once and along the way',
  segments: 'Twelve segments: what the whole hides',
  texts: 'Texts that change, against the noise floor',
  timeouts: 'Timeouts, dropped and counted',
  drift: 'Drift of production against its own recorded answers',
  canary: 'A canary over the default ramp: false rollbacks, delays, and how warm a cache is',
  nights: 'Many nights: false alarms, delays, and GOs of a candidate at a margin',
}

/** All tables, and how many figures lie outside their bands. */
export function tablesText(simulated: readonly Simulated[]): string {
  const byTable = Map.groupBy(simulated, (each) => each.case.table)
  const parts = [...byTable].map(([table, rows]) => {
    const title = titles[table]
    return [title, ...rows.map(rowText)].join('\n')
  })
  const figures = simulated.flatMap(({ outcome }) => outcome.figures)
  const wrong = figures.filter(({ objection }) => objection !== null).length
  const verdict =
    wrong === 0
      ? `All ${figures.length} figures lie within their bands.`
      : `${wrong} of ${figures.length} figures lie outside their bands.`
  return [...parts, verdict].join('\n\n')
}

function rowText({ case: one, outcome }: Simulated): string {
  const figures = outcome.figures.map(figureText).join('   ')
  const notes = [
    ...(one.isInferred ? ['~'] : []),
    ...(one.isStricter === null ? [] : [`(${one.isStricter})`]),
    ...outcome.figures.flatMap(({ figure, objection }) =>
      objection === null ? [] : [`✗ ${figure.name} ${objection}`],
    ),
  ].join(' ')
  return `  ${one.name.padEnd(34)} ${String(one.n).padStart(5)} ${figures} ${notes}`.trimEnd()
}

function figureText({ figure, value, error }: Measured): string {
  const isMean = figure.kind === 'mean'
  const word = (number: number) => (isMean ? String(Math.round(number)) : number.toFixed(3))
  const design = figure.design === null ? '' : ` [${[figure.design].flat().map(word).join('–')}]`
  return `${figure.name} ${word(value)} ±${word(error)}${design}`
}

export const legend =
  'Measured ± Monte-Carlo standard error [what the design measured]. ~: the design leaves details of the generator open, so its figure is a guide and alpha the bound.'
