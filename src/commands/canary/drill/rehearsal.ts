// The whole rehearsal: the control first, then each fault at each share, one after the other.

import { mkdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { type FaultOrder, faultNamed } from '../../../canary/faults/faults.ts'
import { Fault } from '../../../core/fault.ts'
import { percent } from '../../../report/format.ts'
import type { Session } from '../../session/session.ts'
import { temporaryFolder } from '../../session/temporary-folder.ts'
import { comparableOf } from '../clerk/comparable.ts'
import { compressed } from './compressed.ts'
import { rehearse } from './rehearse.ts'
import { type Drilled, type DrillReport, drilled, reportOf } from './report.ts'
import { startStandIns } from './stand-in.ts'

export interface RehearsalOptions {
  readonly orders: readonly FaultOrder[]
  readonly seed: number
  /** Of the candidate, in each drill. */
  readonly maxRequests: number
  /** Where journals and logs stay; null: nowhere. */
  readonly keep: string | null
}

/** A group has at least so many users, and twice as many as a comparison asks for. */
const leastUsers = 300

/** Faults: TEMPORARY_UNWRITABLE; INTERRUPTED after a Ctrl-C. Nothing of it is left then. */
export async function runRehearsal(session: Session, options: RehearsalOptions): Promise<DrillReport> {
  const { world, targets, config, policy, metrics, progress } = session
  const { orders, seed, maxRequests, keep } = options
  const usersPerGroup = Math.max(leastUsers, 2 * config.canary.minUsers)
  const apis = { production: targets.production.api, candidate: targets.candidate.api }
  const folder = keep === null ? temporaryFolder('drill') : resolve(world.cwd, keep)
  mkdirSync(folder, { recursive: true })
  const standIns = await startStandIns({ apis, seed, clock: world.clock })
  try {
    const { session: own, told: compression } = compressed(session, { urls: standIns.urls, usersPerGroup })
    const { rules } = comparableOf(metrics, policy).policy
    const one = async (order: FaultOrder | null) => {
      const [name, title] = order === null ? ['control', 'no fault'] : [nameOf(order), titleOf(order)]
      const work = () => rehearse({ session: own, order, name, folder, maxRequests, usersPerGroup, seed })
      const told = `drill    ${title}`
      // All of them take minutes: a log of CI says where it is, too.
      if (!world.stderr.isTTY && !session.invocation.isJson) session.say(told)
      const result = await (world.stderr.isTTY ? progress.during(() => told, work) : work())
      if (world.drain.aborted) throw new Fault('INTERRUPTED', 'interrupted')
      return result
    }
    const control = await one(null)
    const drills: Drilled[] = []
    for (const order of orders) drills.push(drilled(order, rules, await one(order)))
    return reportOf({ kind: 'rehearsal', seed, compressed: compression, control, drills })
  } finally {
    standIns.close()
    if (keep === null) rmSync(folder, { recursive: true, force: true })
  }
}

function nameOf({ fault, share }: FaultOrder): string {
  return `${fault}-${Math.round(100 * share)}`
}

function titleOf({ fault, share }: FaultOrder): string {
  return `${faultNamed(fault).title}, ${percent(share)} of answers`
}
