// The style of what changed since another run.

export const againstStyle = `
.since { margin-top: 8px; max-width: 90ch }
.lead-in { font-size: 16px; font-weight: 500; max-width: 90ch; margin-bottom: 6px }
#since > p { max-width: 100ch }
.since-table { margin-top: 16px; min-width: 720px }
.since-table tbody th { font-weight: 650 }
.since-table small { display: block }
.since-table .outcome { color: var(--tone); font-weight: 650; white-space: nowrap }
.since-figures { width: auto; min-width: 0 }
.told-worse b { color: var(--fail) }
.told-better b { color: var(--pass) }
.told-higher b, .told-lower b, .told-new b, .told-gone b, .told-grown b, .told-shrunk b { color: var(--amber) }
.told-same b, .told-unknown b { color: var(--muted); font-weight: 400 }
`
