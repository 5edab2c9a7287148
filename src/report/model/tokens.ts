// What the arms read, wrote and cost: means and totals side by side, and how output tokens are spread.

import type { Effect } from '../../core/judgement.ts'
import { count, counted, mean, percent, usd } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { plainWord } from '../words.ts'
import { type DistributionChart, distributionChart, type Quantity } from './distribution.ts'
import { changeOf, type QuantileRow, quantileRows, type ShiftChart, shiftChart } from './shift.ts'

export interface TokensModel {
  readonly use: readonly QuantileRow[]
  readonly quantiles: readonly QuantileRow[]
  readonly chart: DistributionChart | null
  readonly shift: ShiftChart | null
  /** What the figures leave out. */
  readonly told: readonly string[]
}

const quantity: Quantity = {
  // Quantiles are taken on the log scale: three tokens come back as 3.0000000000000004.
  words: (value) => mean(Number(value.toPrecision(12))),
  axisWords: count,
  isWhole: true,
}

export function tokensModel(input: ReportInput): TokensModel {
  const { output, outputShifts } = input.tokens
  return {
    use: [...tokenRows(input), ...costRows(input)],
    quantiles: quantileRows(outputShifts, quantity),
    chart: distributionChart(output, outputShifts, quantity),
    shift: shiftChart(outputShifts, []),
    told: [...untold(input), ...unpriced(input)],
  }
}

function effectOf({ effects }: ReportInput, name: string): Effect | null {
  return effects.find(({ metric, segment }) => metric === name && segment === null) ?? null
}

function row(name: string, effect: Effect | null, words: (value: number) => string): readonly QuantileRow[] {
  if (effect === null) return []
  return [{ name, production: words(effect.production), candidate: words(effect.candidate), ...changeOf(effect) }]
}

function tokenRows(input: ReportInput): readonly QuantileRow[] {
  return [
    ...row('Input tokens a request', input.tokens.input, mean),
    ...cachedRow(input),
    ...row('Output tokens a request', effectOf(input, 'output-tokens'), mean),
    ...row('All tokens a request', effectOf(input, 'total-tokens'), mean),
  ]
}

function cachedRow(input: ReportInput): readonly QuantileRow[] {
  const { cached } = input.tokens
  const rate = effectOf(input, 'cache-hit-rate')
  if (cached === null || rate === null) return []
  const words = (arm: 'production' | 'candidate') => `${mean(cached[arm])} (${percent(rate[arm])})`
  const name = 'of these, from the prompt cache'
  return [{ name, production: words('production'), candidate: words('candidate'), ...changeOf(rate) }]
}

function costRows(input: ReportInput): readonly QuantileRow[] {
  const cost = effectOf(input, 'cost')
  const { costUsd } = input.counts
  const isPaid = costUsd.production !== null || costUsd.candidate !== null
  return [
    ...priceRows(input),
    ...row('Cost a request', cost, usd),
    ...(cost === null ? [] : totals(cost)),
    ...(isPaid
      ? [
          {
            name: 'Paid in this run, second answers and retries included',
            production: priceWords(costUsd.production),
            candidate: priceWords(costUsd.candidate),
            // The arms were not asked as often as each other.
            change: '—',
            interval: null,
          },
        ]
      : []),
  ]
}

function priceRows({ run: { targets } }: ReportInput): readonly QuantileRow[] {
  const production = targets.production.pricePerMillion
  const candidate = targets.candidate.pricePerMillion
  if (production === null && candidate === null) return []
  const unchanged = { change: '—', interval: null }
  return [
    {
      name: 'Price of a million input tokens',
      production: priceWords(production?.input),
      candidate: priceWords(candidate?.input),
      ...unchanged,
    },
    {
      name: 'Price of a million output tokens',
      production: priceWords(production?.output),
      candidate: priceWords(candidate?.output),
      ...unchanged,
    },
  ]
}

function priceWords(price: number | null | undefined): string {
  return price == null ? 'no price given' : usd(price)
}

function totals({ pairs, production, candidate }: Effect): readonly QuantileRow[] {
  const difference = (candidate - production) * pairs
  return [
    {
      name: `Cost of ${counted(pairs, 'pair')}, each asked once`,
      production: usd(production * pairs),
      candidate: usd(candidate * pairs),
      change: difference > 0 ? `+${usd(difference)}` : usd(difference),
      interval: null,
    },
  ]
}

function untold(input: ReportInput): readonly string[] {
  const effect = effectOf(input, 'output-tokens')
  if (effect === null) return []
  const reasons = Object.entries(effect.absent).filter(([, pairs]) => pairs > 0)
  if (reasons.length === 0) return []
  const missing = reasons.reduce((sum, [, pairs]) => sum + pairs, 0)
  const why = reasons.map(([reason, pairs]) => `${plainWord(reason)} ${count(pairs)}`).join(', ')
  return [`${counted(missing, 'pair')} without tokens of both arms are left out here: ${why}.`]
}

function unpriced({ run: { targets } }: ReportInput): readonly string[] {
  const arms = (['production', 'candidate'] as const)
    .filter((arm) => targets[arm].pricePerMillion === null)
    .map((arm) => (arm === 'candidate' ? 'the candidate' : arm))
  if (arms.length === 0) return []
  return [`No price was given for ${arms.join(' and ')}, so costs can't be compared.`]
}
