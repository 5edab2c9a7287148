// What this night showed beside those before it, and which model answered the log: facts that stand beside the decision.

import type { Across, Alarm } from '../../core/across.ts'
import type { Run } from '../../core/judgement.ts'
import type { ReportInput } from '../input.ts'
import { oneLine, sentence } from '../text.ts'
import type { FlagLine } from './flags.ts'

/** Those that this run's night raised. */
export function alarmsOf({ id }: Pick<Run, 'id'>, { alarms }: Across): readonly Alarm[] {
  return alarms.filter(({ runId }) => runId === id)
}

/** What the verdict's own flags do not say: that production drifted is one of those. */
export function nightFlags({ run, verdict, counts, across }: ReportInput): readonly FlagLine[] {
  const isTold = verdict.drift?.outcome === 'drifted'
  const alarms = across === undefined ? [] : alarmsOf(run, across).filter(({ kind }) => kind !== 'drifted' || !isTold)
  return [...alarmWords(alarms), ...otherModel(counts).map(sentence)].map((words) => ({ title: null, words }))
}

/** A sentence for each cause: facts first, then all that moved. */
export function alarmWords(alarms: readonly Alarm[]): readonly string[] {
  const others = alarms.filter(({ kind }) => kind !== 'moved').map(({ because }) => because)
  return [...others, ...movedTogether(alarms)].map(sentence)
}

/** What changes a model moves many figures: the first is told whole, the others by their names. */
function movedTogether(alarms: readonly Alarm[]): readonly string[] {
  const moved = alarms.filter((alarm) => alarm.kind === 'moved').toSorted((a, b) => a.p - b.p)
  const [first, ...others] = moved
  if (first === undefined) return []
  const names = [...new Set(others.map(({ subject }) => subject))].filter((name) => name !== first.subject)
  return [names.length === 0 ? first.because : `${first.because} So did: ${names.map(oneLine).join(', ')}.`]
}

/** Where none of the models that answered the log answers now: the names alone tell that production changed. */
function otherModel({ servedModels, recordedModels = [] }: ReportInput['counts']): readonly string[] {
  const now = servedModels.production
  if (now.length === 0 || recordedModels.length === 0 || recordedModels.some((name) => now.includes(name))) return []
  return [`The log was answered by ${listed(recordedModels)}, production tonight by ${listed(now)}.`]
}

const mostNamed = 3

function listed(names: readonly string[]): string {
  const left = names.length - mostNamed
  return `${names.slice(0, mostNamed).map(oneLine).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}
