// `shadowgate ramp --watch`: the status drawn again and again on a terminal; elsewhere a line whenever something changed.

import type { World } from '../../world.ts'
import type { RolloutStatus } from './status.ts'
import { statusLine, statusText } from './status-text.ts'

const everyMs = 2000
/** From the top, and nothing of what stood there before. */
const home = '\u001b[H'
const clearBelow = '\u001b[J'
const clearLine = '\u001b[K'

/** Until Ctrl-C. Faults: NOT_RUNNING once the router ends. */
export async function watchStatus(world: World, ask: () => Promise<RolloutStatus>): Promise<void> {
  let last = ''
  while (!world.drain.aborted) {
    const status = await ask()
    const nowMs = world.clock.now()
    if (world.terminal !== null) world.stdout(drawn(statusText(status, nowMs)))
    else {
      const standing = standingOf(status)
      if (standing !== last) world.stdout(`${new Date(nowMs).toISOString()}  ${statusLine(status, nowMs)}`)
      last = standing
    }
    await world.clock.sleep(everyMs, world.drain)
  }
}

function drawn(text: string): string {
  const lines = [...text.split('\n'), '', 'Ctrl-C ends the watch; the router goes on.']
  return `${home}${lines.map((line) => `${line}${clearLine}`).join('\n')}${clearBelow}`
}

/** What a line is written for: not for a minute less to wait, nor for one more request. */
function standingOf({ phase, stage, held, serving, evaluation, waitingFor }: RolloutStatus): string {
  return JSON.stringify([phase, stage, held, serving, evaluation?.decision, waitingFor === null])
}
