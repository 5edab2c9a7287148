// One arm's answer in words: how it ended, what it took, and its text with what the other answer has not.

import type { Both, SideDetail } from '../../core/pair.ts'
import type { Arm } from '../../core/types.ts'
import type { JsonDiff } from '../../diff/json.ts'
import { jsonIn } from '../../diff/json-text.ts'
import type { TextDiff } from '../../diff/text.ts'
import { counted, decimal, duration, tokens, usd } from '../format.ts'
import { cut, oneLine, printable } from '../text.ts'

export interface SideModel {
  readonly arm: Arm
  readonly outcome: string
  readonly latency: string
  readonly tokens: string
  /** "inside a code fence", "first token 203 ms", "2 tries", "40 tokens in", "$0.0020", "served by gpt-4-0613": what is known of it. */
  readonly facts: readonly string[]
  /** The arm's whole text in stretches: those that the other arm has too, and those that it has not. */
  readonly parts: readonly { readonly isShared: boolean; readonly text: string }[]
  /** Says what was cut; null where the text is whole. */
  readonly cutNote: string | null
}

export interface SideFrom {
  readonly side: SideDetail
  readonly costUsd: Both[Arm]
  readonly diff: TextDiff
  readonly max: number
  /** Characters that the text has lost beforehand. */
  readonly left: number
  /** Both answers as one tree, which shows no fence around a document. */
  readonly json: JsonDiff | null
}

export function sideModel(arm: Arm, from: SideFrom): SideModel {
  const { side, diff, max } = from
  const own = arm === 'production' ? 'removed' : 'added'
  const diffed = diff.parts.filter((part) => part.kind === 'same' || part.kind === own)
  // Without a diff (one side is empty, or the texts were too long to compare) the text stands as it is.
  const whole = diffed.length > 0 ? diffed : [{ kind: 'same' as const, text: side.text }]
  const shown = cutParts(whole, max)
  const left = from.left + Math.max(side.text.length - lengthOf(whole), 0) + shown.left
  return {
    arm,
    outcome: oneLine(side.outcome),
    latency: side.latencyMs === null ? 'no latency' : duration(side.latencyMs),
    tokens: side.usage === null ? 'tokens not reported' : tokens(side.usage.output),
    facts: factsOf(from),
    parts: shown.parts.map(({ kind, text }) => ({ isShared: kind === 'same', text })),
    cutNote: left > 0 ? cutNote(left) : null,
  }
}

function factsOf({
  side: { text, firstTokenMs, tries, usage, servedModel },
  costUsd,
  json,
}: SideFrom): readonly string[] {
  const cached = usage?.cachedInput ?? 0
  const reasoning = usage?.reasoning ?? 0
  return [
    // A program that parses the answer stumbles here: a pair with "JSON broken" must not look whole.
    ...(json !== null && jsonIn(text) === undefined ? ['inside a code fence'] : []),
    ...(firstTokenMs === null ? [] : [`first token ${duration(firstTokenMs)}`]),
    ...(tries > 1 ? [counted(tries, 'try', 'tries')] : []),
    ...(usage === null ? [] : [`${tokens(usage.input)} in${cached > 0 ? `, ${decimal(cached)} of them cached` : ''}`]),
    ...(reasoning > 0 ? [`${tokens(reasoning)} of reasoning`] : []),
    ...(costUsd === null ? [] : [usd(costUsd)]),
    ...(servedModel === null ? [] : [`served by ${oneLine(servedModel)}`]),
  ]
}

/** So many characters of the parts, harmless to show, and how many are left. */
export function cutParts<Part extends { readonly text: string }>(
  parts: readonly Part[],
  max: number,
): { readonly parts: readonly Part[]; readonly left: number } {
  const kept: Part[] = []
  let room = max
  for (const part of parts) {
    const shown = cut(part.text, room)
    if (shown.text !== '') kept.push({ ...part, text: printable(shown.text) })
    room -= shown.text.length
    if (shown.left > 0) break
  }
  return { parts: kept, left: lengthOf(parts) - (max - room) }
}

export function cutNote(left: number): string {
  return `Cut here: ${counted(left, 'further character')} in the store.`
}

function lengthOf(parts: readonly { readonly text: string }[]): number {
  return parts.reduce((sum, part) => sum + part.text.length, 0)
}
