// What was measured of one pair, in words: production, the candidate, and production's second answer.

import type { Comparison, MeasureRow } from '../../core/types.ts'
import { valueIn } from '../../report/format.ts'
import { metricTitle } from '../../report/words.ts'
import type { Metric } from '../../score/metric.ts'
import type { MetricLine } from '../../tui/source.ts'

/** What no single pair has, or what only a program reads. */
const unsaid = new Set(['change', 'variety', 'feedback'])

export function metricLines(rows: readonly MeasureRow[], metrics: readonly Metric[]): readonly MetricLine[] {
  return metrics
    .filter(({ name }) => !unsaid.has(name))
    .flatMap((metric): MetricLine[] => {
      const of = (comparison: Comparison) =>
        rows.find((row) => row.metric === metric.name && row.comparison === comparison)
      const [judged, noise] = [of('candidate'), of('noise')]
      if (judged === undefined || judged.absent === 'not-asked') return []
      const word = (value: number | null) => (value === null ? '—' : wordOf(metric, value))
      return [
        {
          title: metricTitle(metric.name),
          production: metric.on === 'pair' ? '' : word(judged.production),
          candidate: word(judged.candidate),
          again: noise === undefined ? null : word(noise.candidate),
        },
      ]
    })
}

/** Of one pair a share is a yes or a no, but where it counts words. */
function wordOf({ name, unit }: Metric, value: number): string {
  if (unit !== 'share' || name === 'text-similarity' || !Number.isInteger(value)) return valueIn(unit, value)
  return value === 1 ? 'yes' : 'no'
}
