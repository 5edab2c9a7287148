// The style of distributions, shift plots and their tables.

export const spreadStyle = `
.pictures { display: grid; grid-template-columns: minmax(0, 1fr); gap: 22px }
.spread { display: block; width: 100%; min-width: 540px; height: auto }
.spread text { font-size: 12px; fill: var(--muted) }
.spread .grid line { stroke: var(--line) }
.spread .grid .neutral { stroke: var(--strong); stroke-width: 1.4 }
.spread .curve .area { fill: currentColor; fill-opacity: .1 }
.spread .curve .line { fill: none; stroke: currentColor; stroke-width: 1.8 }
.spread .curve.is-production .area { fill-opacity: .2 }
.spread .curve.is-candidate .line { stroke-width: 2.4 }
.spread .marks text { fill: currentColor; font-weight: 600 }
.spread .marks line { stroke: currentColor; stroke-width: 1.2 }
.spread .marks.is-production line { stroke-dasharray: 4 3 }
.shift .noise { fill: var(--noise) }
.shift .limit { stroke: var(--fail); stroke-width: 1.6; stroke-dasharray: 4 2.5 }
.shift .through { fill: none; stroke: var(--candidate); stroke-width: 1.2; stroke-opacity: .6 }
.shift .interval { stroke: var(--ink); stroke-width: 2 }
.shift .estimate { fill: var(--candidate); stroke: var(--paper); stroke-width: 1.2 }
.shift .arrow { fill: var(--ink) }
.quantiles td, .quantiles thead th + th { text-align: right }
.quantiles td, .quantiles th { padding-top: 4px; padding-bottom: 4px; overflow-wrap: break-word }
.quantiles td { white-space: nowrap }
.quantiles td:last-child, .quantiles th:last-child { padding-right: 0 }
.use { max-width: 860px; margin-bottom: 24px }
.quantiles small { display: block; white-space: normal }
@media (max-width: 700px) {
  .quantiles td, .quantiles th { padding-right: 8px }
}
`
