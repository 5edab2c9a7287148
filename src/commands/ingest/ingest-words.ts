// What an ingest came to, in words: how much of the traffic can be replayed, and why the rest can't.

import type { FileSummary } from '../../ingest/tally.ts'
import type { OpinionCounts } from '../../store/opinions.ts'

export interface Traffic {
  /** Calls that the logs tell of: records and rejected lines. */
  readonly calls: number
  /** Of those, that can be replayed: their request was kept whole. */
  readonly replayable: number
  /** Why the others can't, the most frequent reason first. */
  readonly reasons: readonly { readonly reason: string; readonly calls: number }[]
  /** Of the replayable, whose request stood in its file before: asked once. */
  readonly recurring: number
  /** Lines in order that are no call of a chat model. */
  readonly leftOut: number
  /** What these are, the most frequent first. */
  readonly leftOutAs: readonly { readonly what: string; readonly entries: number }[]
}

/** A rejected line is a call that nobody can read. */
export function trafficOf(files: readonly FileSummary[]): Traffic {
  const sum = (count: (file: FileSummary) => number) => files.reduce((total, file) => total + count(file), 0)
  const reasons = new Map<string, number>()
  const add = (reason: string, calls: number) => {
    if (calls > 0) reasons.set(reason, (reasons.get(reason) ?? 0) + calls)
  }
  for (const { incomplete } of files) for (const [reason, calls] of Object.entries(incomplete)) add(reason, calls)
  const kinds = new Map<string, number>()
  for (const [what, entries] of files.flatMap(({ leftOutAs }) => Object.entries(leftOutAs))) {
    kinds.set(what, (kinds.get(what) ?? 0) + entries)
  }
  const incomplete = [...reasons.values()].reduce((total, calls) => total + calls, 0)
  add(
    'their line was rejected (table rejected_line)',
    sum(({ rejected }) => rejected),
  )
  const calls = sum(({ records, rejected }) => records + rejected)
  return {
    calls,
    replayable: sum(({ records }) => records) - incomplete,
    reasons: [...reasons].map(([reason, count]) => ({ reason, calls: count })).toSorted((a, b) => b.calls - a.calls),
    recurring: sum(({ recurring }) => recurring),
    leftOut: sum(({ leftOut }) => leftOut),
    leftOutAs: [...kinds].map(([what, entries]) => ({ what, entries })).toSorted((a, b) => b.entries - a.entries),
  }
}

/** Reasons that are shown; the rest is in the store. */
const maxReasons = 6

export function trafficWords({ calls, replayable, reasons, recurring, ...others }: Traffic): readonly string[] {
  const { leftOut, leftOutAs } = others
  const what = leftOutAs.slice(0, maxReasons).map((each) => `  ${number(each.entries)}: ${each.what}`)
  if (calls === 0) {
    return leftOut === 0 ? [] : [`${number(leftOut)} entries, none of them a call of a chat model`, ...what]
  }
  const share =
    calls === replayable ? 'all' : `${number(replayable)} of ${number(calls)}, ${percent(replayable / calls)}`
  const again = recurring === 0 ? '' : ` (${number(recurring)} recur)`
  const shown = reasons.slice(0, maxReasons)
  const rest = reasons.slice(maxReasons).reduce((sum, each) => sum + each.calls, 0)
  return [
    `${number(calls)} ${calls === 1 ? 'call' : 'calls'}; can be replayed: ${share}${again}`,
    ...shown.map(({ reason, calls: count }) => `  ${number(count)} can’t: ${reason}`),
    ...(rest > 0 ? [`  ${number(rest)} can’t, for other reasons (column fidelity_reason)`] : []),
    ...(leftOut > 0
      ? [`${number(leftOut)} other entries, which are no call of a chat model, were left out`, ...what]
      : []),
  ]
}

/** Which formats were recognised, in how many files each. */
export function formatWords(files: readonly FileSummary[]): string {
  const counts = new Map<string, number>()
  const none = 'no format that is known'
  for (const { format, lines, rejected } of files) {
    const name = format ?? (lines + rejected === 0 ? 'empty' : none)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const parts = [...counts]
    .toSorted(([left], [right]) => Number(left === none) - Number(right === none))
    .map(([format, count]) => (counts.size === 1 ? format : `${format} (${number(count)})`))
  return `${counted(files.length, 'file')} read: ${parts.join(', ')}`
}

/** What became of thumbs and scores that stand apart from their calls; nothing where there are none. */
export function feedbackWords({ all, joined, ambiguous }: OpinionCounts): readonly string[] {
  if (all === 0) return []
  const unknown = all - joined - ambiguous
  const rest = [
    ...(ambiguous > 0 ? [`${number(ambiguous)} about a trace of several calls, which count for none of them`] : []),
    ...(unknown > 0 ? [`${number(unknown)} about a call that the store does not have`] : []),
  ]
  return [
    [
      `feedback apart from its calls: ${number(joined)} of ${number(all)} belong to a record of the store`,
      ...rest,
    ].join('; '),
  ]
}

/** How far an ingest is, as its line of progress says. */
export function intakeWords(intake: Record<'records' | 'added' | 'rejected', number>): string {
  const { records, added, rejected } = intake
  return `${counted(records, 'record')} · ${number(added)} new · ${counted(rejected, 'line')} rejected`
}

/** 12 new records; or that there was nothing new, and that this is no mistake. */
export function addedWords({ records, added }: { readonly records: number; readonly added: number }): string {
  const noun = added === 1 ? 'new record' : 'new records'
  if (added === records || records === 0) return `${number(added)} ${noun}`
  const known = records - added
  const there =
    added === 0
      ? known === 1
        ? 'it was'
        : `all ${number(known)} were`
      : `${number(known)} ${known === 1 ? 'was' : 'were'}`
  return `${number(added)} ${noun}: ${there} there already`
}

export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`
}

function number(count: number): string {
  return count.toLocaleString('en-US')
}

/** Never rounded up to all. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
}
