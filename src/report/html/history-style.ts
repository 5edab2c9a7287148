// The style of the index of nights, beside that of the reports.

export const historyStyle = `
.tone-quiet { --tone: var(--muted) }
.strip { list-style: none; display: flex; flex-wrap: wrap; gap: 4px; padding: 0; margin: 0 }
.strip > li { width: 26px; height: 26px; position: relative }
.strip a, .strip .cell { display: flex; align-items: center; justify-content: center; width: 26px; height: 26px; border: 1px solid var(--tone, var(--strong)); border-radius: 3px; color: var(--tone, var(--muted)); text-decoration: none; font-weight: 650 }
.strip .is-turn { border-width: 2px; box-shadow: 0 0 0 1px var(--paper), 0 0 0 2px var(--tone) }
.strip .month { width: auto; height: auto; flex-basis: 100%; font-size: 12.5px; color: var(--muted); margin-top: 6px }
.strip .month:first-child { margin-top: 0 }
.strip-key { list-style: none; padding: 0; margin: 10px 0 0; display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px; color: var(--muted) }
.strip-key b { color: var(--tone) }
.trends { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 30px 48px }
.trend { max-width: 640px }
.trend h4 { font-size: 15px; font-weight: 650; margin: 0 }
.trend h4 small { font-weight: 400; margin-left: .5em }
.trend .newest { margin: 1px 0 4px }
.trend .newest small { margin-left: .4em }
.trend-plot { min-width: 440px }
.trend-plot .beyond { fill: var(--fail-tint) }
.trend-plot .grid .limit { stroke: var(--fail); stroke-width: 1.4; stroke-dasharray: 4 2.5 }
.trend-plot .at-limit { fill: var(--fail); font-weight: 600 }
.trend-plot .through { fill: none; stroke: var(--strong); stroke-width: 1 }
.trend-plot .interval { fill: none; stroke: var(--ink); stroke-width: 1.2; stroke-opacity: .75 }
.trend-plot .mark-pass { fill: var(--pass); stroke: var(--paper); stroke-width: .8 }
.trend-plot .mark-inconclusive, .trend-plot .mark-not-evaluable { fill: var(--paper); stroke: var(--amber); stroke-width: 1.8 }
.trend-plot .mark-fail { fill: none; stroke: var(--fail); stroke-width: 2.4 }
.nights td, .nights tbody th { white-space: nowrap }
.nights .why { white-space: normal; min-width: 22em }
.nights .why p { margin-top: 2px }
.nights b { color: var(--tone) }
.trouble { margin-top: 12px; border-left: 3px solid var(--violet); padding: 2px 0 2px 14px; max-width: 90ch }
.trouble .label { color: var(--violet) }
.events { padding-left: 1.2em; max-width: 110ch }
.events li { padding: 2px 0 }
.events + .scroll, .after + .scroll { margin-top: 16px }
@media (max-width: 1040px) { .trends { grid-template-columns: minmax(0, 1fr) } }
@media print { .trends { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) } .trend { break-inside: avoid } }
`
