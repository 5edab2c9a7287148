// The page's whole style: system fonts, two colour schemes of AA contrast, three widths and paper.

import { againstStyle } from './against-style.ts'
import { spreadStyle } from './spread-style.ts'

const colours = `
:root {
  color-scheme: light dark;
  --paper: #fff; --panel: #f5f6f8; --ink: #1b1f24; --muted: #555e68; --line: #dadee3; --strong: #b6bdc5;
  --production: #1f5fae; --candidate: #a8420b; --production-tint: #e6effa; --candidate-tint: #fdeee3;
  --pass: #17693a; --fail: #ad1f17; --amber: #7a5200; --violet: #57449f;
  --fail-tint: #fcebea; --amber-tint: #fdf4dd; --link: #1f5fae; --noise: #d5d9de;
  --better-2: #2b6cb0; --better-1: #a9cbea; --better-0: #dbe9f6; --worse-0: #fbe6d5; --worse-1: #f3b98c; --worse-2: #b3470f;
  --heat-ink: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #13161a; --panel: #1b1f24; --ink: #e4e7ea; --muted: #a0a9b3; --line: #2e353c; --strong: #515a64;
    --production: #84b6f4; --candidate: #f2a168; --production-tint: #17293f; --candidate-tint: #3d2413;
    --pass: #6cc98a; --fail: #ff938a; --amber: #e3b655; --violet: #b9abf5;
    --fail-tint: #3a1b19; --amber-tint: #33290f; --link: #84b6f4; --noise: #3b434c;
    --better-2: #84b6f4; --better-1: #24507f; --better-0: #1a2f47; --worse-0: #3d2817; --worse-1: #733c14; --worse-2: #f2a168;
    --heat-ink: #13161a;
  }
}
.tone-go, .tone-pass { --tone: var(--pass) }
.tone-no-go, .tone-fail { --tone: var(--fail) }
.tone-inconclusive, .tone-beyond { --tone: var(--amber) }
.tone-invalid, .tone-not-evaluable { --tone: var(--violet) }
`

const base = `
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.wrap { max-width: 1240px; margin: 0 auto; padding: 0 32px }
h1, h2, h3, p, ul, dl, figure { margin: 0 }
h2 { font-size: 21px; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: 0 0 14px }
h2 small, h3 small { font-size: 13px; font-weight: 400; color: var(--muted); letter-spacing: 0; margin-left: .4em }
small { font-size: 12.5px; color: var(--muted) }
a { color: var(--link) }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
section { padding: 36px 0 0; scroll-margin-top: 12px }
.label { font-size: 12px; font-weight: 650; letter-spacing: .05em; text-transform: uppercase; color: var(--muted); margin: 0 }
.is-production { color: var(--production) }
.is-candidate { color: var(--candidate) }
.none { color: var(--muted) }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.key { font-size: 13px; color: var(--muted); max-width: 100ch; margin-top: 10px }
.key b { color: var(--ink); font-weight: 600 }
.after { font-size: 14px; margin-top: 12px; max-width: 90ch }
.scroll { overflow-x: auto; position: relative }
.rules tr { position: relative }
table { border-collapse: collapse; width: 100%; font-size: 14px }
caption { text-align: left; font-weight: 650; padding: 0 0 6px }
th { text-align: left; font-weight: 500 }
th, td { vertical-align: top; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line) }
thead th, thead td { font-size: 12.5px; color: var(--muted); padding-bottom: 5px; border-bottom: 1px solid var(--strong) }
thead .is-production { color: var(--production) }
thead .is-candidate { color: var(--candidate) }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 28px 48px; align-items: start }
`

const decision = `
.verdict { background: var(--panel); border-bottom: 1px solid var(--line); border-top: 6px solid var(--tone); padding: 22px 0 24px }
.eyebrow { color: var(--muted); font-size: 13px }
h1 { line-height: 1.1; font-weight: 400; display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 20px; margin: 4px 0 12px }
.word { color: var(--tone); font-size: 50px; font-weight: 760; letter-spacing: -.025em; white-space: nowrap }
.swap { font-size: 17px; color: var(--muted) }
.swap b { font-weight: 600 }
.lead { font-size: 19px; line-height: 1.45; max-width: 64ch; font-weight: 500 }
.lines { margin: 6px 0 0; padding-left: 1.2em; max-width: 90ch }
.sure { font-size: 16px; line-height: 1.45; max-width: 76ch; margin-top: 6px }
.deciding { width: auto; min-width: 60%; margin-top: 18px; font-size: 15px }
.deciding caption { padding: 0 0 2px }
.deciding td, .deciding th { padding: 3px 22px 3px 0; border: 0; vertical-align: baseline }
.deciding tbody th { color: var(--tone); font-weight: 650 }
.deciding .segment { color: var(--ink) }
.figure { font-size: 16px; font-weight: 680; white-space: nowrap }
.changed { margin-top: 16px }
.changed ul { list-style: none; padding: 0; margin: 4px 0 0 }
.changed li { padding: 2px 0 }
.changed li b { font-weight: 650 }
.where { font-size: 13px; border: 1px solid var(--strong); border-radius: 3px; padding: 0 5px; margin-right: .2em }
@media screen and (max-width: 900px) { .clusters, .directions { min-width: 620px; overflow-wrap: break-word } }
.clusters { margin-bottom: 16px }
.directions { margin-top: 22px }
.directions :is(th, td):nth-child(2n) { white-space: nowrap }
.clusters td:nth-child(2) { min-width: 9.5em }
.clusters tbody th { font-weight: 650 }
.clusters small { display: block }
.next { margin-top: 12px; max-width: 76ch }
.next .label { margin-right: .6em; color: var(--ink) }
.flags { margin-top: 18px; border-left: 3px solid var(--amber); padding: 2px 0 2px 14px }
.flags .label { color: var(--amber) }
.glance { font-size: 14px; border: solid var(--line); border-width: 1px 0; padding: 8px 0; margin-top: 16px; display: flex; flex-wrap: wrap; gap: 4px 36px }
.glance dt, .facts dt { color: var(--muted); font-size: 12.5px }
.glance dd, .facts dd { margin: 0 }
nav { border-bottom: 1px solid var(--line); font-size: 14px }
nav .wrap { display: flex; flex-wrap: wrap; gap: 0 24px; padding-top: 9px; padding-bottom: 9px }
nav a { text-decoration: none }
nav a:hover { text-decoration: underline }
footer.wrap { color: var(--muted); font-size: 13px; padding-top: 40px; padding-bottom: 40px }
`

const sections = `
.rules td, .rules tbody th { padding-top: 10px; padding-bottom: 10px }
.rules td:nth-child(1), .rules th:nth-child(1) { width: 122px }
.rules td:nth-child(3), .rules thead th:nth-child(3) { width: 172px }
.rules td:nth-child(4), .rules thead th:nth-child(4) { width: 226px }
.rules td:nth-child(5), .rules thead th:nth-child(5) { width: 300px; padding-right: 0 }
@media screen { .rules thead { position: sticky; top: 0; z-index: 1; background: var(--paper); box-shadow: 0 1px var(--strong) } }
.rules small { display: block }
.rules.has-level .level { display: none }
.rules tbody th { font-weight: 650 }
.outcome b { color: var(--tone); font-weight: 650; white-space: nowrap }
.is-deciding .outcome { box-shadow: inset 3px 0 var(--tone); padding-left: 11px }
.is-deciding .outcome small { color: var(--tone); font-weight: 600 }
.asks { font-weight: 400; color: var(--muted); margin-left: .35em }
.segment { font-weight: 500; border: 1px solid var(--strong); border-radius: 3px; padding: 0 5px; margin-left: .5em; font-size: 12.5px }
.because { font-weight: 400; font-size: 13.5px; color: var(--ink); margin-top: 2px; max-width: 60ch }
.forest { display: block; width: 100%; max-width: 300px; height: auto; overflow: visible }
.forest.axis text { font-size: 11.5px; fill: var(--muted) }
.forest.axis .at-limit { fill: var(--fail); font-weight: 600 }
.forest .beyond { fill: var(--fail-tint) }
.forest .noise { fill: var(--noise) }
.forest .multiple { stroke: var(--line); stroke-width: 1 }
.forest .neutral { stroke: var(--strong); stroke-width: 1.2 }
.forest .limit { stroke: var(--fail); stroke-width: 1.4; stroke-dasharray: 3 2.5 }
.forest .interval { stroke: var(--ink); stroke-width: 2 }
.forest .estimate, .forest .arrow { fill: var(--ink) }
.forest .estimate { stroke: var(--paper); stroke-width: 1.2 }
.key .key-limit { color: var(--fail) }
.key .key-noise { color: var(--muted) }
.more { margin-top: 12px }
.more > summary { cursor: pointer; color: var(--link); font-size: 14px; padding: 4px 0 }
.notes { background: var(--amber-tint); border-left: 3px solid var(--amber); padding: 10px 16px 12px; margin: 0 0 20px; scroll-margin-top: 12px }
.notes .label { color: var(--amber) }
.notes p { margin-top: 4px; max-width: 100ch }
.arms tbody th, .excluded tbody th { color: var(--muted); font-size: 13px }
.arms th { overflow-wrap: normal }
.facts div { display: grid; grid-template-columns: 9.5em minmax(0, 1fr); padding: 6.5px 0; border-bottom: 1px solid var(--line); font-size: 14px }
.facts-title { font-size: 14px; font-weight: 650; margin: 0 0 2px }
.facts + .facts-title { margin-top: 18px }
.excluded { margin-top: 18px }
.excluded td, .excluded thead th + th, .segments td, .segments thead th + th { text-align: right }
figcaption { font-size: 13px; color: var(--muted); margin-top: 4px }
.heat-map { max-height: 78vh; overflow: auto; margin-bottom: 10px }
.segments { border-collapse: separate; border-spacing: 0; width: auto }
.segments th, .segments td { padding: 5px 10px; border-right: 1px solid var(--paper) }
.segments th:first-child { padding-left: 0; min-width: 9em; max-width: 18em; overflow-wrap: break-word; position: sticky; left: 0; background: var(--paper); z-index: 1 }
.segments thead th { position: sticky; top: 0; background: var(--paper); z-index: 2; min-width: 7em }
.segments thead th:first-child { z-index: 3 }
.segments td { white-space: nowrap }
.segments td small { display: block; color: inherit }
.segments .all td, .segments .all th { font-weight: 600; border-bottom: 2px solid var(--strong) }
.segments .all small { font-weight: 400 }
.segments .mark { color: inherit }
.heat-better-2 { background: var(--better-2); color: var(--heat-ink) }
.heat-better-1 { background: var(--better-1) }
.heat-better-0 { background: var(--better-0) }
.heat-worse-0 { background: var(--worse-0) }
.heat-worse-1 { background: var(--worse-1) }
.heat-worse-2 { background: var(--worse-2); color: var(--heat-ink) }
.is-blind { background-image: repeating-linear-gradient(135deg, transparent 0 3px, currentColor 3px 5px); background-size: 9px 100%; background-repeat: no-repeat }
.segments .is-blind, .heat-key .is-blind { padding-left: 17px }
.blind { font-style: italic }
.blind-words { font-size: 14px; margin: 0 0 22px; max-width: 100ch }
.heat-key { list-style: none; padding: 0; margin: 0 0 8px; display: flex; flex-wrap: wrap }
.heat-key li { padding: 3px 10px; border: 1px solid var(--line) }
.heat-key li + li { border-left: 0 }
.heat-key li:not(.heat-better-2, .heat-worse-2) { color: var(--ink) }
`

const pairs = `
.pair { border: 1px solid var(--line); border-radius: 4px; margin-top: 10px }
.pair:has(:target) { border-color: var(--link); box-shadow: 0 0 0 1px var(--link) }
.pair > summary { cursor: pointer; position: relative; list-style: none; padding: 9px 14px 9px 32px; display: flex; flex-wrap: wrap; gap: 0 14px; font-size: 14px }
.pair > summary::before { content: "▸"; color: var(--muted); position: absolute; left: 14px }
.pair[open] > summary::before { content: "▾" }
.pair > summary b { font-weight: 650 }
.segments-of, .opening, .number { color: var(--muted) }
.opening { flex-basis: 100%; font-size: 13px }
.pair[open] .opening { display: none }
.pair-body { border-top: 1px solid var(--line); padding: 12px 14px; scroll-margin-top: 56px }
.sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 14px 22px; margin-top: 12px }
.side h3 { font-size: 14px; font-weight: 650; margin-bottom: 4px }
.text {
  font: 13px/1.55 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; color: var(--ink);
}
.side .text { border-left: 3px solid currentColor; border-color: var(--strong); padding: 2px 0 2px 12px }
.side.is-production .text { border-color: var(--production) }
.side.is-candidate .text { border-color: var(--candidate) }
.request .text { max-width: 110ch }
del { background: var(--production-tint); text-decoration: underline dashed 1px var(--production); text-underline-offset: 3px }
ins { background: var(--candidate-tint); text-decoration: underline solid 2px var(--candidate); text-underline-offset: 3px }
.cut, .meta { font-size: 13px; color: var(--muted); margin-top: 8px }
.tools { margin: 8px 0 0; padding-left: 20px; font-size: 13px }
.cut { font-style: italic }
.facts-of { font-size: 12.5px; color: var(--muted); margin-bottom: 4px }
.tree { margin-top: 10px }
.tree .line { padding-left: 2px }
.tree .is-folded { color: var(--muted) }
.tree :is(del, ins) b { font-weight: 700 }
.calls { margin-top: 14px }
.call { margin-top: 8px }
.call p { font-size: 14px }
`

const narrow = `
@media (max-width: 1040px) {
  .wrap { padding: 0 24px }
  .columns { grid-template-columns: minmax(0, 1fr) }
  .rules, .rules thead, .rules tbody { display: block }
  .rules tr { display: grid; grid-template-columns: 122px minmax(0, 1fr) 300px; gap: 0 16px; border-bottom: 1px solid var(--line); padding: 10px 0 }
  .rules tbody td, .rules tbody th { display: block; width: auto !important; border: 0; padding: 0 }
  .rules .outcome, .rules tbody th { grid-row: 1 / span 3 }
  .rules .figures, .rules .plot { grid-column: 3 }
  .rules .is-deciding .outcome { padding-left: 11px }
  .rules .figures small:not(.floor) { display: inline; margin-left: .4em }
  .rules.has-level .level { display: inline }
  .rules .plot { padding-top: 6px }
  .rules tbody .plot:empty { display: none }
  .rules thead tr { padding: 0; border-color: var(--strong) }
  .rules thead th { border: 0 }
  .rules thead th:nth-child(5) { grid-column: 3 }
  .rules thead th:not(:last-child) { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap }
  }
@media (max-width: 700px) {
  .wrap { padding: 0 16px }
  .sides { grid-template-columns: minmax(0, 1fr) }
  .word { font-size: 36px }
  .lead { font-size: 17px }
  .deciding tr { display: block; padding: 5px 0 }
  .deciding :is(td, th) { display: inline-block; padding: 0 14px 0 0 }
  .glance { gap: 4px 20px }
  .rules tr { grid-template-columns: minmax(0, 1fr); gap: 4px }
  .rules .outcome small { display: inline; margin-left: .4em }
  .rules tr > :is(td, th) { grid-column: 1 !important; grid-row: auto !important }
  .facts div { grid-template-columns: 7.5em minmax(0, 1fr) }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
`

const paper = `
@media print {
  :root {
    --paper: #fff; --panel: #fff; --ink: #000; --muted: #444; --line: #ccc; --strong: #888;
    --production: #1f5fae; --candidate: #a8420b; --production-tint: #e6effa; --candidate-tint: #fdeee3;
    --pass: #17693a; --fail: #ad1f17; --amber: #7a5200; --violet: #57449f;
    --fail-tint: #fcebea; --amber-tint: #fdf4dd; --link: #000; --noise: #d5d9de;
    --better-2: #2b6cb0; --better-1: #a9cbea; --better-0: #dbe9f6; --worse-0: #fbe6d5; --worse-1: #f3b98c; --worse-2: #b3470f;
    --heat-ink: #fff; print-color-adjust: exact;
  }
  @page { margin: 14mm }
  body { font-size: 10pt }
  nav { display: none }
  .wrap { padding: 0; max-width: none }
  section { padding-top: 20px }
  h2, h3, caption, thead { break-after: avoid }
  tr, figure, .notes, .deciding { break-inside: avoid }
  details::details-content { content-visibility: visible; block-size: auto; opacity: 1 }
  .pair > summary::before { content: "" }
  .scroll, .heat-map { overflow: visible; max-height: none }
}
`

/** Goes into the page's one style element; the page's policy holds its hash. */
export const style = [colours, base, decision, sections, againstStyle, spreadStyle, pairs, narrow, paper].join('\n')
