// Opens the session of a command that runs unattended: what stops it is said in its log, in the log's own form.

import type { Invocation } from '../command.ts'
import { createLogLines, isJsonLog, logFormats } from '../output/log-lines.ts'
import type { World } from '../world.ts'
import { type Opening, openSession, type Session } from './session.ts'

/** A config that can't be read says nothing of its log; the environment does. */
export function openUnattended(world: World, invocation: Invocation, opening: Omit<Opening, 'isUnattended'>): Session {
  try {
    return openSession(world, invocation, { ...opening, isUnattended: true })
  } catch (error) {
    const wanted = invocation.settings['log.format'] ?? world.env['SHADOWGATE_LOG_FORMAT']
    const format = logFormats.find((each) => each === wanted) ?? 'auto'
    if (isJsonLog(format, world)) createLogLines(world).error(error)
    throw error
  }
}
