// Tokens and cost of both arms: means and totals as a table, and how output tokens are spread.
/** @jsxImportSource preact */

import type { TokensModel } from '../model/tokens.ts'
import { Quantiles } from './quantiles.tsx'
import { SpreadOf } from './spread.tsx'

const words = {
  distribution: {
    id: 'tokens',
    label: 'Distributions of output tokens',
    axis: 'output tokens of an answer (log)',
    caption:
      'Share of each arm’s answers by output tokens on a logarithmic axis, with p50 and p95 marked. Areas are true: a ' +
      'step twice as wide as the others stands half as high.',
  },
  shift: { id: 'tokens-shift', label: 'Change of output tokens by quantile', more: 'longer', less: 'shorter' },
  caption: 'Output tokens by quantile',
}

export function Tokens({ tokens }: { tokens: TokensModel }) {
  const { use, told } = tokens
  return (
    <section id="tokens" aria-labelledby="tokens-title">
      <h2 id="tokens-title">Tokens and cost</h2>
      {use.length === 0 && <p>Neither tokens nor costs were told.</p>}
      <div class="use">{use.length > 0 && <Quantiles rows={use} caption="Means and totals" corner="Measure" />}</div>
      <SpreadOf spread={tokens} words={words} />
      {use.length > 0 && (
        <p class="key">
          Tokens are those that each arm’s API told: two models may cut the same text into different numbers of them.
        </p>
      )}
      {told.map((remark) => (
        <p class="after">{remark}</p>
      ))}
    </section>
  )
}
