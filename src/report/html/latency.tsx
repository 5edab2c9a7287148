// Latency of both arms: the distributions, how far apart they are at each quantile, and the same as a table.
/** @jsxImportSource preact */

import type { LatencyModel } from '../model/latency.ts'
import { SpreadOf } from './spread.tsx'

const words = {
  distribution: {
    id: 'latency',
    label: 'Latency distributions',
    axis: 'time to the last byte, retries included (log)',
    caption:
      'Share of each arm’s calls by latency on a logarithmic axis, with p50 and p95 marked. The table has the figures.',
  },
  shift: { id: 'latency-shift', label: 'Change of latency by quantile', more: 'slower', less: 'faster' },
  caption: 'Latency by quantile',
}

export function Latency({ latency }: { latency: LatencyModel }) {
  const { none, told } = latency
  return (
    <section id="latency" aria-labelledby="latency-title">
      <h2 id="latency-title">Latency</h2>
      {none !== null && <p>{none}</p>}
      <SpreadOf spread={latency} words={words} />
      {told.map((remark) => (
        <p class="after">{remark}</p>
      ))}
    </section>
  )
}
