// The config as a rehearsal takes it: rules, guards, margins, split and stages are its own; targets, times and places are not.

import { join } from 'node:path'
import type { Mode } from '../../../core/rollout.ts'
import type { Arm, Target, Timeouts } from '../../../core/types.ts'
import { counted, duration } from '../../../report/format.ts'
import type { Session } from '../../session/session.ts'

export interface Compressed {
  readonly session: Session
  /** What is not as in the config, in sentences. */
  readonly told: readonly string[]
}

/** A hundredth of what is usual, as the stand-ins answer in a hundredth of the time. */
const timeouts: Timeouts = { connectMs: 1000, firstTokenMs: 600, idleMs: 600, totalMs: 3000 }
const evaluateEverySeconds = 0.2
/** A stage asks for so many requests at most. */
const mostStageRequests = 500

export interface Compressing {
  /** Base URLs of the stand-ins. */
  readonly urls: Readonly<Record<Arm, string>>
  readonly usersPerGroup: number
}

const noMore = {
  moreTargets: { production: [], candidate: [] },
  drain: { noticeSeconds: 0, endSeconds: 1 },
}

export function compressed(session: Session, { urls, usersPerGroup }: Compressing): Compressed {
  const { config, targets } = session
  const { model: _, overrideHeader: __, ...canary } = config.canary
  const { baseUrl: ___, ...control } = canary.control
  const { moreTargets, drain } = noMore
  const mode: Mode = canary.mode === 'ab' ? 'ab' : 'canary'
  const stages = canary.stages.map(({ share, minRequests }) => ({
    share,
    minMinutes: 0,
    minRequests: Math.min(minRequests, mostStageRequests),
  }))
  const standIn = (arm: Arm): Target => ({
    ...targets[arm],
    baseUrl: urls[arm],
    keyFrom: null,
    headerNames: [],
    timeouts,
  })
  return {
    session: {
      ...session,
      targets: { production: standIn('production'), candidate: standIn('candidate') },
      config: { ...config, canary: { ...canary, mode, stages, evaluateEverySeconds, control, moreTargets, drain } },
    },
    told: toldOf(session, mode, usersPerGroup),
  }
}

function toldOf({ config, targets }: Session, mode: Mode, usersPerGroup: number): readonly string[] {
  const { canary } = config
  return [
    'Both targets were stand-ins on this machine, which answer equally well, in some 20 ms. No model was asked and no user was touched.',
    `Users were compared every ${duration(1000 * evaluateEverySeconds)}. At the config's ${duration(1000 * canary.evaluateEverySeconds)} a rollback by comparison comes up to so much later, with the requests of that time; guards act at once either way.`,
    `No stage lasted minutes, and none asked for more than ${counted(mostStageRequests, 'request')}. A target that says nothing was given up after ${duration(timeouts.firstTokenMs)}, not after ${duration(targets.candidate.timeouts.firstTokenMs)}.`,
    `${counted(usersPerGroup, 'user')} of the candidate and as many of the control asked, and rated one answer in four. Users in neither group are served by production and compared with nobody: they were left out.`,
    ...(canary.mode === mode ? [] : [`The config's mode is ${canary.mode}; the drill was of the canary.`]),
  ]
}

export interface DrillFiles {
  readonly journal: string
  readonly log: string
  /** How the ramp stood in the end, as `shadowgate ramp` words it. */
  readonly status: string
}

export function filesOf(folder: string, name: string): DrillFiles {
  const at = (rest: string) => join(folder, `${name}.${rest}`)
  return { journal: at('journal.jsonl'), log: at('requests.jsonl'), status: at('status.txt') }
}
