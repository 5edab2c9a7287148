// Tool calls of both answers as trees of arguments, those that stand for each other compared.

import type { ToolCall } from '../../core/types.ts'
import { type JsonDiff, type JsonLine, jsonDiffForPeople } from '../../diff/json.ts'
import { argumentsOf, type CallPair, pairedCalls } from '../../diff/tools.ts'
import { cut, oneLine, printable } from '../text.ts'

export interface CallModel {
  readonly name: string
  /** "both call it so", "called with other arguments", …: colour alone must not say it. */
  readonly told: string
  readonly lines: readonly JsonLine[]
  readonly note: string | null
}

const mostText = 4000

export function callModels(production: readonly ToolCall[], candidate: readonly ToolCall[]): readonly CallModel[] {
  return pairedCalls(production, candidate).map((pair) => {
    const { lines, note } = compared(pair)
    const shown = printableLines(lines)
    return { name: oneLine((pair.left ?? pair.right)?.name ?? ''), told: toldOf(pair, shown), lines: shown, note }
  })
}

function toldOf({ left, right }: CallPair, lines: readonly JsonLine[]): string {
  if (right === null) return 'production alone calls it'
  if (left === null) return 'the candidate alone calls it'
  return lines.every(({ kind }) => kind === 'same') ? 'both call it so' : 'called with other arguments'
}

function compared({ left, right }: CallPair): JsonDiff {
  const [a, b] = [left && argumentsOf(left), right && argumentsOf(right)]
  if (a !== undefined && b !== undefined && left !== null && right !== null) {
    const diff = jsonDiffForPeople(a, b)
    if (diff.lines.length > 0) return diff
    return { ...diff, lines: textLines(left, right) }
  }
  const kind = left === null ? ('added' as const) : ('removed' as const)
  const alone = left === null ? b : right === null ? a : undefined
  if (alone === undefined || alone === null) return { lines: textLines(left, right), note: null }
  const { lines, note } = jsonDiffForPeople(alone, alone)
  return { lines: lines.map((line) => ({ ...line, kind })), note }
}

/** Arguments that are no JSON, or too much of it, are the texts that they are. */
function textLines(left: ToolCall | null, right: ToolCall | null): readonly JsonLine[] {
  if (left !== null && left.arguments === right?.arguments) return [textLine('same', left.arguments)]
  return [
    ...(left === null ? [] : [textLine('removed', left.arguments)]),
    ...(right === null ? [] : [textLine('added', right.arguments)]),
  ]
}

function textLine(kind: 'same' | 'removed' | 'added', text: string): JsonLine {
  const shown = cut(text, mostText)
  return { kind, depth: 0, key: null, text: shown.left > 0 ? `${shown.text}…` : shown.text }
}

/** Keys and values are what a model wrote. */
export function printableLines(lines: readonly JsonLine[]): readonly JsonLine[] {
  return lines.map((line) => ({
    ...line,
    key: line.key === null ? null : oneLine(JSON.stringify(line.key)),
    text: printable(line.text),
  }))
}
