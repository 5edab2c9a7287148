// The batch lane: both arms' requests handed over in batches, and waited for, for days if need be.

import type { Batch } from '../../core/batch.ts'
import type { Clock } from '../../core/clock.ts'
import { Fault } from '../../core/fault.ts'
import type { JsonObject } from '../../core/types.ts'
import { type PlannedRecord, remainingTrials } from '../plan.ts'
import type { ArmLane } from './arm-lane.ts'
import { HttpTrouble } from './batch-api.ts'

export interface PlannedBody extends PlannedRecord {
  /** The request's body as JSON text. */
  readonly body: string
}

export interface BatchDriveOptions {
  readonly lanes: readonly ArmLane[]
  /** What an earlier process has handed over. */
  readonly batches: readonly Batch[]
  /** The plan in its order, read lazily, each time that something is to be handed over. */
  readonly planned: () => AsyncIterable<PlannedBody>
  readonly done: ReadonlySet<string>
  readonly seed: number
  /** Between two looks at the batches, in ms. */
  readonly pollMs: number
  readonly clock: Clock
  /** Aborted: stop waiting. The provider goes on with what it has. */
  readonly drain: AbortSignal
}

/** Says whether all is answered; false where the drain came first. Faults: KEY_REFUSED, TARGET_UNREACHABLE. */
export async function driveBatches(options: BatchDriveOptions): Promise<boolean> {
  const { lanes, drain, clock, pollMs } = options
  const forEach = async (work: (lane: ArmLane) => Promise<void>) => {
    for (const lane of lanes) await orFault(lane, drain, () => work(lane))
  }
  await forEach((lane) => lane.takeUp(options.batches))
  for (;;) {
    if (!drain.aborted && lanes.some((lane) => lane.isHungry)) await feed(options)
    if (!drain.aborted) await forEach((lane) => lane.look())
    if (drain.aborted) return false
    if (lanes.every((lane) => lane.isDone)) return true
    if (!lanes.some((lane) => lane.isHungry)) await clock.sleep(pollMs, drain)
  }
}

/** Walks the plan once, for all lanes that are hungry. */
async function feed({ lanes, planned, done, seed, drain }: BatchDriveOptions): Promise<void> {
  const hungry = lanes.filter((lane) => lane.isHungry)
  for (const lane of hungry) lane.beginOffers()
  for await (const record of planned()) {
    const calls = remainingTrials(record, seed, { done }).flatMap((trial) => trial.calls)
    if (calls.length === 0) continue
    const body: JsonObject = JSON.parse(record.body)
    for (const lane of hungry) {
      for (const call of calls.filter(({ arm }) => arm === lane.target.arm)) {
        await orFault(lane, drain, () => lane.offer(call, body))
      }
    }
    if (drain.aborted) return
  }
  for (const lane of hungry) await orFault(lane, drain, () => lane.endOffers())
}

/** What goes wrong between us and a target is the user's to mend; unless the user has broken it off. */
async function orFault(lane: ArmLane, drain: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof HttpTrouble)) throw error
    if (!drain.aborted) throw faultOf(lane, error)
  }
}

function faultOf({ target }: ArmLane, { status, message }: HttpTrouble): Fault {
  const { arm, baseUrl } = target
  const place = `targets.${arm} ${baseUrl}`
  if (status === 401 || status === 403) {
    return new Fault('KEY_REFUSED', `the ${arm} refuses its key (HTTP ${status}): ${message}`, { place })
  }
  if (status === null) {
    const hint = 'the provider goes on with what it has; the same command goes on from there'
    return new Fault('TARGET_UNREACHABLE', `the ${arm} can't be reached: ${message}`, { place, hint })
  }
  const hint =
    'what was answered is stored, and the same command goes on from there; replay.lane: live needs no batch API'
  return new Fault('TARGET_UNREACHABLE', `the ${arm}'s batch API refuses (HTTP ${status}): ${message}`, { place, hint })
}
