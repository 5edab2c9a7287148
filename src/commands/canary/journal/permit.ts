// By what a canary may begin: an offline verdict that is GO, of these arms, and not old.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../../core/fault.ts'
import { headerMarks } from '../../../core/header-marks.ts'
import type { Policy } from '../../../core/judgement.ts'
import type { Permit } from '../../../core/rollout.ts'
import { type Arm, arms, type Target } from '../../../core/types.ts'
import { isBlocking } from '../../../gate/find.ts'
import { subjectOf } from '../../../gate/words.ts'
import { type VerdictFile, verdictSchema } from '../../../report/verdict-schema.ts'

export interface PermitOptions {
  readonly path: string
  readonly targets: Readonly<Record<Arm, Target>>
  readonly policy: Pick<Policy, 'rules'>
  readonly maxAgeHours: number
  readonly nowMs: number
}

/** Two machines' clocks differ by less. */
const mostAheadHours = 1

const without = '--override <reason> goes without'

/** Fault: NO_PERMIT, saying what is missing. */
export function permitOf(options: PermitOptions): Permit {
  const { path } = options
  const bytes = bytesOf(path)
  const file = verdictIn(bytes, path)
  const problem = problemOf(file, options)
  if (problem !== null) {
    throw new Fault('NO_PERMIT', problem.what, {
      place: path,
      ...(problem.hint && { hint: `${problem.hint}; ${without}` }),
    })
  }
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

interface Problem {
  readonly what: string
  /** What to do; without one, a new run. */
  readonly hint?: string
}

function problemOf(file: VerdictFile, { targets, policy, maxAgeHours, nowMs }: PermitOptions): Problem | null {
  const { decision, held, run } = file
  if (decision !== 'GO') return { what: `the verdict is ${decision}, not GO` }
  if (held) {
    return {
      what: 'the verdict is a GO that is held until a person has looked',
      hint: 'shadowgate review says what was found, shadowgate gate judges anew by it, and shadowgate report writes the verdict',
    }
  }
  const other = targetProblem(run.targets, targets) ?? ruleProblem(file, policy)
  if (other !== null) return other
  const ageHours = (nowMs - Date.parse(run.finishedAt ?? run.startedAt)) / 3_600_000
  if (Number.isNaN(ageHours)) return { what: 'the verdict does not say when it was given' }
  // Else it would be young for as long as a clock is wrong, here or where it was given.
  if (ageHours < -mostAheadHours) {
    const ahead = Math.ceil(-ageHours)
    return {
      what: `the verdict is of ${file.run.finishedAt ?? file.run.startedAt}, which is ${ahead} hours ahead of this machine's clock`,
      hint: 'set the clock that is wrong',
    }
  }
  if (ageHours > maxAgeHours) {
    return { what: `the verdict is ${Math.floor(ageHours)} hours old; canary.permit.maxAgeHours allows ${maxAgeHours}` }
  }
  return null
}

type Judged = VerdictFile['run']['targets']

/** Whatever changes what is asked makes another candidate, or another production. */
function targetProblem(judged: Judged, served: PermitOptions['targets']): Problem | null {
  for (const arm of arms) {
    const [was, is] = [judged[arm], served[arm]]
    if (was.model !== is.model || was.baseUrl !== is.baseUrl || was.api !== is.api) {
      return { what: `the verdict is about another ${arm}: ${nameOf(was)}, and the config has ${nameOf(is)}` }
    }
    for (const setting of ['overrides', 'rename'] as const) {
      if (!isDeepStrictEqual(was[setting] ?? {}, is[setting] ?? {}))
        return {
          what: `the verdict is about a ${arm} with other ${setting}: targets.${arm}.${setting} has changed since`,
        }
    }
    const [had, has] = [was.headers ?? {}, headerMarks(is)]
    const other = Object.keys({ ...had, ...has }).filter((name) => had[name] !== has[name])
    if (other.length > 0) {
      return { what: `the verdict is about a ${arm} with other headers: ${other.join(', ')} in targets.${arm}.headers` }
    }
  }
  return null
}

const judgeAnew = 'shadowgate gate judges the stored run by the rules of now, and shadowgate report writes the verdict'

/** A GO says that each blocking rule held: by the margins of now, and in the same file. */
function ruleProblem({ findings }: VerdictFile, { rules }: PermitOptions['policy']): Problem | null {
  const broken = findings.find(
    ({ severity, stage, outcome }) => severity === 'block' && stage === 'replay' && outcome === 'fail',
  )
  if (broken !== undefined) return contradiction(subjectOf(broken.metric, broken.segment))
  for (const rule of rules.filter((each) => isBlocking(each, 'replay'))) {
    const subject = subjectOf(rule.metric, rule.segment)
    const found = findings.find((finding) => subjectOf(finding.metric, finding.segment) === subject)
    if (found === undefined) return { what: `the verdict knows no rule about ${subject}`, hint: judgeAnew }
    if (found.margin !== rule.margin || found.mode !== rule.mode || found.severity !== rule.severity) {
      const [was, is] = [found, rule].map(({ severity, mode, margin }) => `${severity} ${mode} ${margin}`)
      return {
        what: `the verdict was given by another rule about ${subject}: ${was}, and the config has ${is}`,
        hint: judgeAnew,
      }
    }
    if (found.outcome !== 'pass' && !found.isMoot) return contradiction(subject)
  }
  return null
}

function contradiction(subject: string): Problem {
  return {
    what: `the file contradicts itself: it says GO, and not that the rule about ${subject} held`,
    hint: judgeAnew,
  }
}

function nameOf({ model, baseUrl }: { readonly model: string | null; readonly baseUrl: string }): string {
  return `${model ?? 'the captured model'} at ${baseUrl}`
}
