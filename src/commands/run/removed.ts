// What of a run retention took out, where a command needs it.

import { Fault } from '../../core/fault.ts'
import { day } from '../../report/format.ts'
import type { Removed } from '../../store/removal.ts'
import type { Store } from '../../store/store.ts'
import type { Session } from '../session/session.ts'

/** Fault: REMOVED where its answers can't be read any more. */
export async function requireTexts(session: Session, store: Store, runId: string): Promise<void> {
  const { texts, attempts } = await store.removedOf(runId)
  const at = attempts ?? texts
  if (at === null) return
  const message = `the texts of run ${runId} were removed by retention on ${day(at)}: its answers can't be read any more`
  throw new Fault('REMOVED', message, { place: session.storePath })
}

/** Fault: REMOVED where its verdict is all that is left. */
export async function requireAttempts(session: Session, store: Store, runId: string): Promise<void> {
  const { attempts } = await store.removedOf(runId)
  if (attempts === null) return
  const message = `what was stored of the pairs of run ${runId} was removed by retention on ${day(attempts)}: its verdict is all that is left`
  throw new Fault('REMOVED', message, { place: session.storePath })
}

/** For reports and lists of pairs; null where nothing went. */
export function removedNote({ texts }: Removed): string | null {
  if (texts === null) return null
  return `The texts of this run were removed by retention on ${day(texts)}: its numbers are whole, and no pair can be shown.`
}
