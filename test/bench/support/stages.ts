// Where a run's time goes: each stage's last line on standard error says when it ended.

import type { ChildResult } from './child.ts'
import { median, type Table } from './table.ts'

const stages = new Set(['check', 'ingest', 'sample', 'replay', 'score', 'gate', 'report'])

/** Seconds of each stage that said a word; what came before the first line is in that stage, the rest is the exit. */
export function stageSeconds({ lines, wallSeconds }: ChildResult): Record<string, number> {
  const ends = new Map<string, number>()
  for (const { text, atMs } of lines) {
    const word = /^\W*(\w+)\s/.exec(text)?.[1] ?? ''
    if (stages.has(word)) ends.set(word, atMs / 1000)
  }
  const seconds: Record<string, number> = {}
  let before = 0
  for (const [stage, end] of ends) {
    seconds[stage === 'check' ? 'start and check' : stage] = end - before
    before = end
  }
  seconds['exit'] = wallSeconds - before
  return seconds
}

export function stageTable(runs: readonly ChildResult[]): Table {
  const all = runs.map(stageSeconds)
  const names = Object.keys(all[0] ?? {})
  const medians = names.map((name) => median(all.map((seconds) => seconds[name] ?? 0)))
  const total = medians.reduce((sum, seconds) => sum + seconds, 0)
  const rows = names.map((stage, index) => {
    const seconds = medians[index] ?? 0
    return { stage, seconds, 'share %': Math.round((100 * seconds) / total) }
  })
  return { title: 'stages of shadowgate run', rows }
}
