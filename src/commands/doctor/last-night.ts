// The last night: what came of it, by the journal beside the store.

import { decisionWord } from '../../core/decision-word.ts'
import type { JournalNight } from '../../core/nights.ts'
import { minute, span } from '../../report/format.ts'
import { readNights } from '../night/journal.ts'
import { type Check, doubtful, type Finding, fine } from './check.ts'

/** Where nights are daily, something has missed one. */
const missedMs = 36 * 3_600_000

export const lastNight = {
  name: 'last night',
  look: async ({ session, world }) => {
    const last = readNights(session.storePath).at(-1)
    if (last === undefined) return [fine('there was none yet')]
    const ageMs = world.clock.now() - Date.parse(last.begunAt)
    return [
      outcomeOf(last),
      ...(ageMs > missedMs
        ? [doubtful(`that was ${span(ageMs)} ago`, 'see whether the scheduler still calls it')]
        : []),
    ]
  },
} satisfies Check

function outcomeOf({ begunAt, state, came, stage }: JournalNight): Finding {
  const at = minute(begunAt)
  if (state === 'running')
    return fine(`it has been running since ${at}${stage === null ? '' : `, at the stage ${stage}`}`)
  if (state === 'cut-off') {
    return doubtful(
      `the one of ${at} was cut off${stage === null ? '' : ` at the stage ${stage}`}`,
      'the next one goes on with it',
    )
  }
  if (came === null) return fine(`the one of ${at} ended`)
  if (came.kind === 'failed') return doubtful(`the one of ${at} could not judge: ${came.because}`, came.next)
  if (came.kind === 'nothing-new') return fine(`the one of ${at} found nothing new`)
  return fine(`the one of ${at} was ${decisionWord(came)}`)
}
