// The targets: filled in, with keys, answering, and what they say they are. One tiny request each, unless --offline.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exitStatus, Fault } from '../../core/fault.ts'
import { type Arm, arms, type Outcome } from '../../core/types.ts'
import { providerServedBy } from '../../providers/index.ts'
import { createAsker } from '../../replay/ask.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { keysFile } from '../../schedule/job.ts'
import { judgeOrder } from '../judge/judge-order.ts'
import { armOrders, probeTarget, userAgentOf } from '../replay/preflight.ts'
import type { Session } from '../session/session.ts'
import { type Check, doubtful, type Finding, fine, type Patient, wrong } from './check.ts'
import { foundIn } from './fault-finding.ts'

export const targets = {
  name: 'targets',
  look: async (patient) => {
    const { session, isOffline } = patient
    const { orders, judge } = ordersOf(session)
    if (isOffline)
      return [doubtful('both are filled in and have their keys; nobody was asked', 'leave --offline out to ask both')]
    const found = await Promise.all(arms.map((arm) => lookAt(arm, orders[arm], patient)))
    if (judge === null) return found
    return [...found, await probed('judge', judge, patient)]
  },
} satisfies Check

/** Their faults, of what is not filled in and of keys, are findings of this check; the file of keys is easily forgotten. */
function ordersOf(session: Session): { orders: Readonly<Record<Arm, ArmOrder>>; judge: ArmOrder | null } {
  try {
    return { orders: armOrders(session), judge: judgeOrder(session) }
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'KEY_MISSING' || !existsSync(join(session.folder, keysFile)))
      throw error
    const hint = `${error.hint}; ${keysFile} is here: set -a && . ./${keysFile} && set +a`
    throw new Fault('KEY_MISSING', error.message, {
      ...(error.place !== null && { place: error.place }),
      hint,
      cause: error,
    })
  }
}

async function lookAt(arm: Arm, order: ArmOrder, patient: Patient): Promise<Finding> {
  const free = await probed(arm, order, patient)
  if (free.grade === 'wrong') return free
  const study = await patient.study().catch(() => null)
  if (study?.shortest == null) return free
  return answered(arm, order, await askOnce(order, study.shortest, patient))
}

/** The same as a night asks in its second 0. */
async function probed(name: string, order: ArmOrder, { session }: Patient): Promise<Finding> {
  try {
    await probeTarget(session, name, order)
    return fine(`${name} ${order.target.model ?? ''} answers at ${order.target.baseUrl}`)
  } catch (error) {
    return foundIn(error)
  }
}

async function askOnce(
  order: ArmOrder,
  { id, body }: { readonly id: string; readonly body: Parameters<ReturnType<typeof createAsker>['askAgain']>[1] },
  { session, world }: Patient,
): Promise<Outcome> {
  const { api, vendor } = order.target
  const asker = createAsker({
    order,
    provider: providerServedBy(api, vendor),
    retry: { retries: 1, rounds: 0, maxWaitMs: session.config.replay.maxWaitMs },
    keepFree: session.config.replay.keepFree,
    seed: session.config.sample.seed,
    userAgent: userAgentOf(session),
    clock: world.clock,
    drain: world.drain,
  })
  try {
    return await asker.askAgain(id, body, { stream: false })
  } finally {
    await asker.close()
  }
}

function answered(arm: Arm, { target }: ArmOrder, outcome: Outcome): Finding {
  const place = `${arm} at ${target.baseUrl}`
  switch (outcome.kind) {
    case 'reply':
      return fine(`${place} answers as ${outcome.reply.servedModel ?? target.model ?? 'a model that it does not name'}`)
    case 'rejected': {
      const says = `${place} refuses the shortest request of the log (HTTP ${outcome.status}): ${outcome.detail}`
      if (outcome.status === 429) return doubtful(says, 'its limits are used up now; see limits: of the target')
      if (outcome.status === 404) return wrong(says, `check targets.${arm}.model and baseUrl`, exitStatus.unavailable)
      return doubtful(says, 'shadowgate migrate says what it refuses, and what mends it')
    }
    case 'timeout':
      return doubtful(`${place} gave no answer in time (${outcome.phase})`, `see targets.${arm}.timeoutMs`)
    case 'broken':
      return wrong(`${place} broke off: ${outcome.detail}`, 'check the server', exitStatus.unavailable)
    case 'cancelled':
      throw new Fault('INTERRUPTED', 'interrupted')
    default:
      return outcome satisfies never
  }
}
