// What other terminals ask of a replay, put to its engine.

import type { Clock } from '../../core/clock.ts'
import { unreachable } from '../../core/fault.ts'
import { arms } from '../../core/types.ts'
import type { Bell } from '../../replay/bell.ts'
import type { EngineState } from '../../replay/orders.ts'
import type { Engine } from '../../replay/thread.ts'
import type { ControlRequest } from './control-door.ts'

export interface Controlled {
  readonly engine: Engine
  readonly stop: () => void
  /** As the engine told it last; null where it has not yet. */
  readonly state: () => EngineState | null
  /** Rung when the engine has told another. */
  readonly news: Bell
  readonly clock: Clock
}

/** Whoever asks is answered after so long at the latest, with the state as it is. */
const patienceMs = 2000

/** Does what another terminal asks for, and waits for the engine to say that it was done. */
export async function obey(request: ControlRequest, controlled: Controlled): Promise<void> {
  const { state, news, clock } = controlled
  act(request, controlled)
  const until = clock.elapsed() + patienceMs
  while (!isDoneIn(request, state()) && clock.elapsed() < until) await Promise.race([news.rung(), clock.sleep(100)])
}

function act(request: ControlRequest, { engine, stop }: Pick<Controlled, 'engine' | 'stop'>): void {
  switch (request.action) {
    case 'status':
      return
    case 'pause':
      return engine.command({ kind: 'pause' })
    case 'resume':
      return engine.command({ kind: 'resume' })
    case 'stop':
      return stop()
    case 'concurrency':
      for (const arm of arms) {
        const concurrency = request[arm]
        if (concurrency !== null) engine.command({ kind: 'resize', arm, concurrency })
      }
      return
    default:
      unreachable(request)
  }
}

/** Whether the engine says that it does what was asked for. */
function isDoneIn(request: ControlRequest, state: EngineState | null): boolean {
  switch (request.action) {
    case 'pause':
      return state?.isPaused === true
    case 'resume':
      return state?.isPaused === false
    case 'concurrency':
      return arms.every((arm) => request[arm] === null || state?.lanes[arm].most === request[arm])
    case 'status':
    case 'stop':
      return true
    default:
      return unreachable(request)
  }
}
