// The clock: its time zone, and whether it agrees with what the logs and the last night say.

import { minute } from '../../report/format.ts'
import { readNights } from '../night/journal.ts'
import { type Check, doubtful, type Finding, fine, type Patient } from './check.ts'

/** Clocks of two machines differ by less. */
const toleranceMs = 5 * 60_000

export const clock = {
  name: 'clock',
  look: async (patient) => {
    const { world } = patient
    const now = world.clock.now()
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const first = fine(`${minute(new Date(now).toISOString())}; this machine’s time zone is ${zone}`)
    return [first, ...(await ahead(patient, now))]
  },
} satisfies Check

async function ahead({ study, session }: Patient, now: number): Promise<Finding[]> {
  const newestAt = (await study().catch(() => null))?.newestAt ?? null
  const lastAt = readNights(session.storePath).at(-1)?.lastSeenAt ?? null
  return [
    ...later(newestAt, now, 'the newest call of the logs was made'),
    ...later(lastAt, now, 'the last night was seen'),
  ]
}

function later(at: string | null, now: number, what: string): Finding[] {
  if (at === null || Date.parse(at) <= now + toleranceMs) return []
  return [doubtful(`${what} at ${minute(at)}, which is still to come`, 'set the clock: timedatectl, or chrony')]
}
