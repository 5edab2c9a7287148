// `--where`: which pairs a command is about, in the one grammar of filters.

import { Fault } from '../../core/fault.ts'
import { parseFilter, type Term } from '../../filter/parse.ts'
import type { Invocation } from '../command.ts'

export const whereFlag = {
  flag: '--where <filter>',
  description: 'Only pairs that this asks for: "regressed similarity<0.5 task=prime -refused"',
}

/** `segments`: the keys that the run has. Fault: USAGE. */
export function requireFilter(
  { own }: Pick<Invocation, 'own'>,
  segments: readonly string[],
): { readonly text: string; readonly terms: readonly Term[] } {
  const text = typeof own['where'] === 'string' ? own['where'] : ''
  const parsed = parseFilter(text, segments)
  if (parsed.kind === 'filter') return { text, terms: parsed.terms }
  throw new Fault('USAGE', parsed.because, { place: `--where, at character ${parsed.at + 1}` })
}
