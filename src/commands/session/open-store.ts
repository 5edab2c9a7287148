// Opens the store: at once, or once whoever holds it lets go.

import { Fault } from '../../core/fault.ts'
import { span } from '../../report/format.ts'
import { openStore, type Store } from '../../store/store.ts'
import type { Invocation } from '../command.ts'
import type { World } from '../world.ts'
import { heldFault, noteHolder } from './store-holder.ts'

/** Between two tries to open a store that is held. */
const retryMs = 2000

interface Opening {
  readonly world: World
  readonly storePath: string
  readonly invocation: Pick<Invocation, 'command'>
}

/** Closing it takes the note about its holder away. `waitMs`: how long it may be held by another. Faults: STORE_LOCKED, STORE_UNUSABLE, INTERRUPTED. */
export async function openHeldStore({ world, storePath, invocation }: Opening, waitMs: number): Promise<Store> {
  const { clock, drain } = world
  const until = clock.elapsed() + waitMs
  let isTold = false
  for (;;) {
    try {
      const store = await openStore(storePath)
      const leave = noteHolder(storePath, { command: invocation.command, nowMs: clock.now() })
      const close = () => {
        leave()
        store.close()
      }
      return { ...store, close }
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'STORE_LOCKED') throw error
      const leftMs = until - clock.elapsed()
      if (leftMs <= 0 || !isTold) {
        const held = await heldFault(storePath, error, world)
        if (leftMs <= 0) throw held
        world.log(`store    waits for up to ${span(waitMs)}: ${held.message}`)
        isTold = true
      }
      await clock.sleep(Math.min(retryMs, Math.max(leftMs, 0)), drain)
      if (drain.aborted) throw new Fault('INTERRUPTED', 'interrupted while it waited for the store')
    }
  }
}
