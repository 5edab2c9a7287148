// By what a canary may begin: an offline verdict that is GO, of these arms, and not old.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Fault } from '../../core/fault.ts'
import type { Permit } from '../../core/rollout.ts'
import { type Arm, arms, type Target } from '../../core/types.ts'
import { type VerdictFile, verdictSchema } from '../../report/verdict-schema.ts'

export interface PermitOptions {
  readonly path: string
  readonly targets: Readonly<Record<Arm, Target>>
  readonly maxAgeHours: number
  readonly nowMs: number
}

/** Fault: NO_PERMIT, saying what is missing. */
export function permitOf({ path, targets, maxAgeHours, nowMs }: PermitOptions): Permit {
  const bytes = bytesOf(path)
  const file = verdictIn(bytes, path)
  const problem = problemOf(file, targets, { maxAgeHours, nowMs })
  if (problem !== null) throw new Fault('NO_PERMIT', problem, { place: path })
  const { id, startedAt, finishedAt } = file.run
  return {
    kind: 'verdict',
    runId: id,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    decidedAt: finishedAt ?? startedAt,
  }
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Fault('NO_PERMIT', 'there is no verdict to open the canary by', { place: path, cause: error })
  }
}

function verdictIn(bytes: Buffer, path: string): VerdictFile {
  try {
    return verdictSchema.parse(JSON.parse(bytes.toString('utf8')))
  } catch (error) {
    throw new Fault('NO_PERMIT', 'this is no verdict of shadowgate', { place: path, cause: error })
  }
}

interface Age {
  readonly maxAgeHours: number
  readonly nowMs: number
}

function problemOf({ decision, held, run }: VerdictFile, targets: PermitOptions['targets'], age: Age): string | null {
  if (decision !== 'GO') return `the verdict is ${decision}, not GO`
  if (held) return 'the verdict is a GO that is held until a person has looked'
  for (const arm of arms) {
    const [judged, served] = [run.targets[arm], targets[arm]]
    if (judged.model !== served.model || judged.baseUrl !== served.baseUrl || judged.api !== served.api) {
      return `the verdict is about another ${arm}: ${nameOf(judged)}, and the config has ${nameOf(served)}`
    }
    if (JSON.stringify(judged.overrides) !== JSON.stringify(served.overrides)) {
      return `the verdict is about a ${arm} with other overrides`
    }
  }
  const hours = (age.nowMs - Date.parse(run.finishedAt ?? run.startedAt)) / 3_600_000
  if (hours > age.maxAgeHours) return `the verdict is ${Math.floor(hours)} hours old; at most ${age.maxAgeHours} may be`
  return null
}

function nameOf({ model, baseUrl }: { readonly model: string | null; readonly baseUrl: string }): string {
  return `${model ?? 'the captured model'} at ${baseUrl}`
}
