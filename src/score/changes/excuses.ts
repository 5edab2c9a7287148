// Which metrics a kind of change excuses, once a person has accepted it: those that say the same of it in other words.

import type { ChangeKindName } from './kinds.ts'

/** How alike two texts are: any change of the text is one of these too. */
const likeness = ['text-similarity', 'same-text', 'same-normal-text', 'same-shape', 'answer-length', 'variety'] as const
const tools = ['same-tool-calls', 'tool-called'] as const
const json = ['json-valid', 'json-kept'] as const

/**
 * Whether an answer came, how fast and at what cost is nobody's to excuse, and what the user checks has a check of its own: none of
 * those is in here.
 */
const excuses: Readonly<Record<ChangeKindName, readonly string[]>> = {
  'no-answer': [],
  'answered-again': [],
  'newly-refused': ['refused', ...likeness],
  'no-longer-refused': ['refused', ...likeness],
  'refused-otherwise': ['refused', ...likeness],
  cut: ['finished', ...likeness],
  'no-longer-cut': ['finished', ...likeness],
  'tool-call-lost': [...tools, ...likeness],
  'tool-call-new': [...tools, ...likeness],
  'tool-calls-differ': [...tools, ...likeness],
  'json-broken': [...json, ...likeness],
  'json-mended': [...json, ...likeness],
  loops: ['repetitive', ...likeness],
  'no-longer-loops': ['repetitive', ...likeness],
  language: ['same-language', ...likeness],
  fenced: ['bare-answer', ...likeness],
  unfenced: ['bare-answer', ...likeness],
  collapsed: likeness,
  grown: likeness,
  reformatted: likeness,
  value: likeness,
  rewritten: likeness,
  reworded: likeness,
}

export function isExcused(metric: string, kind: ChangeKindName): boolean {
  return excuses[kind].includes(metric)
}

/** Every metric that some kind excuses. */
export const excusable: ReadonlySet<string> = new Set(Object.values(excuses).flat())
