// The pairs that a report has whole: the worst, and those that clusters are named by, read a few at a time.

import type { Changes } from '../../core/changes.ts'
import type { PairDetail, PairRow, PairTable, SideDetail } from '../../core/pair.ts'
import type { PairExample, PairTexts } from '../../report/input.ts'
import { type Cut, cut } from '../../report/text.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { pairDetails } from '../pairs/pair-details.ts'

interface Wanted {
  readonly table: PairTable
  readonly changes: Changes | null
  /** So many of the worst. */
  readonly most: number
  /** What the report may take. */
  readonly maxBytes: number
}

/** So many clusters' examples are shown beside the worst pairs; a report that is to show no pair shows none of them either. */
const mostNamed = 12
const rowsAtOnce = 256
/** A text that is longer is cut: nobody reads on, and one such pair would take the room of a hundred. */
const mostCharacters = 20_000
const mostCalls = 50
/** No text packs tighter, but for what repeats itself without end: what comes after so much would not get into the report. */
const charactersForByte = 16

export async function reportExamples(store: Store, stored: StoredRun, wanted: Wanted): Promise<readonly PairExample[]> {
  const { table, changes, most, maxBytes } = wanted
  const loud = (changes?.clusters ?? []).filter(({ isBeyondNoise }) => isBeyondNoise !== false)
  const named = new Set(most === 0 ? [] : loud.slice(0, mostNamed).map(({ example }) => example.ordinal))
  const details = new Map<number, PairTexts>()
  const read = async (rows: readonly PairRow[]) => {
    for (const [ordinal, detail] of await pairDetails(store, stored, rows)) details.set(ordinal, textsOf(detail))
  }
  await read(table.rows.filter(({ ordinal }) => named.has(ordinal)))
  const worst = table.rows.slice(0, most)
  let room = charactersForByte * maxBytes
  for (let from = 0; from < worst.length && room > 0; from += rowsAtOnce) {
    const rows = worst.slice(from, from + rowsAtOnce)
    await read(rows.filter(({ ordinal }) => !details.has(ordinal)))
    for (const { ordinal } of rows) room -= lengthOf(details.get(ordinal))
  }
  return table.rows.flatMap((row): PairExample[] => {
    const detail = details.get(row.ordinal)
    return detail ? [{ row, reasons: table.reasonsOf(row), detail }] : []
  })
}

/** Without what a page does not show, and with long texts cut. */
function textsOf(detail: PairDetail): PairTexts {
  const { ordinal, recordId, source, capturedAt, api, prompt, production, candidate, again } = detail
  const [asked, first, other, second] = [prompt, production.text, candidate.text, again?.text ?? ''].map(shortened)
  return {
    ordinal,
    recordId,
    source,
    capturedAt,
    api,
    prompt: asked?.text ?? '',
    production: sideOf(production, first),
    candidate: sideOf(candidate, other),
    again: again && sideOf(again, second),
    left: {
      prompt: asked?.left ?? 0,
      production: first?.left ?? 0,
      candidate: other?.left ?? 0,
      again: second?.left ?? 0,
    },
  }
}

const shortened = (text: string) => cut(text, mostCharacters)

function sideOf(side: SideDetail, shown: Cut | undefined): SideDetail {
  const calls = side.toolCalls.slice(0, mostCalls)
  const toolCalls = calls.map((call) => ({ ...call, arguments: shortened(call.arguments).text }))
  return { ...side, text: shown?.text ?? '', toolCalls }
}

function lengthOf(detail: PairTexts | undefined): number {
  if (!detail) return 0
  const sides = [detail.production, detail.candidate, ...(detail.again ? [detail.again] : [])]
  const texts = sides.flatMap(({ text, toolCalls }) => [text, ...toolCalls.map((call) => call.arguments)])
  return texts.reduce((sum, text) => sum + text.length, detail.prompt.length)
}
