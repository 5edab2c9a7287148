// What other terminals ask of a replay, put to its engine.

import { unreachable } from '../../core/fault.ts'
import { arms } from '../../core/types.ts'
import type { EngineState } from '../../replay/orders.ts'
import type { Engine } from '../../replay/thread.ts'
import type { ControlRequest } from './control-door.ts'

/** Does what another terminal asks for. */
export function act(request: ControlRequest, { engine, stop }: { engine: Engine; stop: () => void }): void {
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
export function isDoneIn(request: ControlRequest, state: EngineState | null): boolean {
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
