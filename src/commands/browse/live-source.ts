// The live screen's replay: the process that holds the store, asked through its socket.

import { Fault } from '../../core/fault.ts'
import { type Arm, arms } from '../../core/types.ts'
import { count, instant, percent, span, usd } from '../../report/format.ts'
import type { LiveArm, LiveOrder, LiveSource, LiveStatus } from '../../tui/live/live-source.ts'
import { askReplay, type ControlRequest } from '../replay/control-door.ts'
import type { LookStanding } from '../replay/live-looks.ts'
import type { TallyNumbers } from '../replay/tally.ts'

/** What a replay answers. Whatever it is asked, it says how it is. */
type Answer = TallyNumbers & {
  readonly run: string
  readonly pid: number
  readonly since: string
  readonly look: LookStanding | null
}

export function liveSource(storePath: string): LiveSource {
  const ask = async (request: ControlRequest): Promise<LiveStatus | null> => {
    try {
      return statusOf(await askReplay(storePath, request))
    } catch (error) {
      if (error instanceof Fault && error.code === 'NOT_RUNNING') return null
      throw error
    }
  }
  return {
    status: () => ask({ action: 'status' }),
    order: (order: LiveOrder) => ask(order),
    words: { count, percent, span, usd, instant },
  }
}

function statusOf(answer: object): LiveStatus {
  if ('error' in answer) throw new Error(String(answer.error))
  // The other end is a shadowgate too, and may be an older one.
  if (!('pid' in answer)) throw new Error('that replay was started by an older shadowgate: shadowgate control asks it')
  const { run, pid, since, calls, done, perSecond, secondsLeft, costUsd, retries, state, look, ...told } =
    answer as Answer
  const armOf = (arm: Arm): LiveArm => {
    const lane = state?.lanes[arm] ?? { inFlight: 0, limit: 0, most: 1, heldMs: 0 }
    return { ...lane, errors: told.errorKinds[arm] }
  }
  const [production, candidate] = arms.map(armOf)
  if (!production || !candidate) throw new Error('a replay has two arms')
  return {
    runId: run,
    pid,
    since,
    calls,
    done,
    perSecond,
    secondsLeft,
    costUsd,
    retries,
    isPaused: state?.isPaused ?? false,
    arms: { production, candidate },
    look,
  }
}
