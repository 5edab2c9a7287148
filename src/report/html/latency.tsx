// Latency of both arms: the distributions, how far apart they are at each quantile, and the same as a table.
/** @jsxImportSource preact */

import type { LatencyModel } from '../model/latency.ts'
import { Distribution } from './distribution.tsx'
import { Quantiles } from './quantiles.tsx'
import { Shift } from './shift.tsx'

const distribution = {
  id: 'latency',
  label: 'Latency distributions',
  axis: 'time to the last byte, retries included (log)',
  caption:
    'Share of each arm’s calls by latency on a logarithmic axis, with p50 and p95 marked. The table has the figures.',
}

export function Latency({ latency }: { latency: LatencyModel }) {
  const { none, chart, shift, quantiles, told } = latency
  return (
    <section id="latency" aria-labelledby="latency-title">
      <h2 id="latency-title">Latency</h2>
      {none !== null && <p>{none}</p>}
      <div class="columns">
        <div class="pictures">
          {chart !== null && <Distribution chart={chart} words={distribution} />}
          {shift !== null && (
            <Shift
              chart={shift}
              words={{
                id: 'latency-shift',
                label: 'Change of latency by quantile',
                more: 'slower',
                less: 'faster',
                caption: `By how much each quantile of the candidate is above or below production’s, on a logarithmic axis. ${shift.key}`,
              }}
            />
          )}
        </div>
        {quantiles.length > 0 && <Quantiles rows={quantiles} caption="Latency by quantile" corner="Quantile" />}
      </div>
      {told.map((remark) => (
        <p class="after">{remark}</p>
      ))}
    </section>
  )
}
