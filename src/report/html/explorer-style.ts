// The explorer's style: a list beside a pair, above it where the page is narrow, and neither on paper.

export const explorerStyle = `
html:not(.has-explorer) .explored { display: none }
@media screen { .has-explorer .listed { display: none } }
@media print { #explorer, .explored { display: none } }
.has-explorer .key { margin-bottom: 12px }
#explorer :is(button, select, input) { font: inherit; font-size: 14px; color: var(--ink); background: var(--paper); border: 1px solid var(--strong); border-radius: 4px; padding: 3px 10px; min-height: 32px }
#explorer button { cursor: pointer }
#explorer button:hover { border-color: var(--link) }
#explorer [aria-pressed="true"] { background: var(--link); border-color: var(--link); color: var(--paper) }
#explorer :is(button, select, input, [role="listbox"], .opened, .request .text):focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
#explorer :is([role="listbox"], .opened):focus-visible { outline-offset: -2px }
.chips, .asking, .views, .acts { display: flex; flex-wrap: wrap; gap: 6px 8px; align-items: center }
.asking { margin-top: 8px }
.asking .search { flex: 1 1 300px; display: flex; min-width: 0 }
.asking input { flex: 1; min-width: 0 }
.asking select { max-width: 22em; min-width: 0; flex: 0 1 auto }
.asking label { display: flex; align-items: center; gap: 6px; font-size: 13px; color: var(--muted); min-width: 0; max-width: 100%; overflow-wrap: normal }
.mistake { color: var(--fail); font-size: 14px; margin-top: 6px }
.count, .notice { font-size: 13px; color: var(--muted); margin: 8px 0 6px }
.notice { color: var(--ink); background: var(--amber-tint); border-left: 3px solid var(--amber); padding: 4px 10px }
.panes { display: grid; grid-template-columns: minmax(260px, 340px) minmax(0, 1fr); border: 1px solid var(--line); border-radius: 4px; height: clamp(420px, 86vh, 1100px) }
.rows { overflow-y: auto; position: relative; border-right: 1px solid var(--line); height: 100%; overscroll-behavior: contain }
.rows > div { position: relative }
.row { position: absolute; left: 0; right: 0; height: 76px; padding: 7px 12px; border-bottom: 1px solid var(--line); cursor: pointer; border-left: 3px solid transparent }
.row > * { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.row b { font-weight: 600; font-size: 14px }
.row span { font-size: 13px; line-height: 1.45; min-height: 1.45em }
.row small { font-size: 12.5px }
.row:hover { background: var(--panel) }
.row[aria-selected="true"] { background: var(--production-tint); border-left-color: var(--link) }
.row[aria-selected="true"] small { color: var(--ink) }
.opened { overflow-y: auto; padding: 14px 18px 24px; min-width: 0; height: 100% }
.opened h3 { font-size: 14px; font-weight: 650 }
.opened > h3 { font-size: 16px; margin-bottom: 4px }
.opened .meta { margin: 0 0 8px }
#explorer .meta button { padding: 0 6px; min-height: 26px; font-size: 13px }
.opened .request { margin: 12px 0 }
.opened .request .text { max-height: 12lh; overflow-y: auto; background: var(--panel); padding: 6px 10px }
.views { margin-bottom: 10px }
.again { border-top: 1px solid var(--line); margin-top: 16px; padding-top: 12px }
.nothing { padding: 20px 14px; color: var(--muted) }
.help { color: var(--ink); background: var(--paper); border: 1px solid var(--strong); border-radius: 6px; max-width: 720px; width: calc(100% - 32px); padding: 18px 22px; max-height: 86vh; overflow: auto }
.help form { float: right }
.help p { font-size: 14px; margin-top: 6px }
.help::backdrop { background: #0008 }
.help dl { display: grid; grid-template-columns: fit-content(14em) minmax(0, 1fr); gap: 2px 16px; font-size: 14px; margin: 4px 0 14px }
.help dd { margin: 0; color: var(--muted) }
.help kbd, .help code, .asking code { font: 13px ui-monospace, Menlo, Consolas, monospace }
@media (max-width: 900px) {
  .panes { grid-template-columns: minmax(0, 1fr); height: auto }
  .rows { height: 300px; border-right: 0; border-bottom: 1px solid var(--strong) }
  .opened { height: auto; overflow: visible; padding: 12px 14px 20px }
}
`
