// How a quantity is spread in both arms: the distributions, how far apart they are at each quantile, and the same as a table.
/** @jsxImportSource preact */

import type { DistributionChart } from '../model/distribution.ts'
import type { QuantileRow, ShiftChart } from '../model/shift.ts'
import { Distribution, type DistributionWords } from './distribution.tsx'
import { Quantiles } from './quantiles.tsx'
import { Shift, type ShiftWords } from './shift.tsx'

interface Spread {
  readonly chart: DistributionChart | null
  readonly shift: ShiftChart | null
  readonly quantiles: readonly QuantileRow[]
}

interface SpreadWords {
  readonly distribution: DistributionWords
  readonly shift: Omit<ShiftWords, 'caption'>
  /** The table's. */
  readonly caption: string
}

export function SpreadOf({ spread: { chart, shift, quantiles }, words }: { spread: Spread; words: SpreadWords }) {
  const told = 'By how much each quantile of the candidate is above or below production’s, on a logarithmic axis.'
  return (
    <div class="columns">
      <div class="pictures">
        {chart !== null && <Distribution chart={chart} words={words.distribution} />}
        {shift !== null && <Shift chart={shift} words={{ ...words.shift, caption: `${told} ${shift.key}` }} />}
      </div>
      {quantiles.length > 0 && <Quantiles rows={quantiles} caption={words.caption} corner="Quantile" />}
    </div>
  )
}
