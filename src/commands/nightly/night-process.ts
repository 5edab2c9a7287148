// One night as a process of its own: whatever becomes of it, the scheduler goes on.

import { spawn } from 'node:child_process'
import type { World } from '../world.ts'
import { hasAccounted, tellToDrain, tellToLeave } from './parent-words.ts'

export interface NightProcess {
  /** null where a signal ended it, or it never began. */
  readonly status: number | null
  /** Why there is no status. */
  readonly because: string | null
  /** Whether it said itself what it came to. */
  readonly hasAccounted: boolean
}

/** From breaking off to killing. */
const leaveWithinMs = 10_000

/** Ends when the process does. It has a group of its own: a Ctrl-C reaches it once, through the scheduler. */
export function runNightProcess(
  args: readonly string[],
  env: World['env'],
  { cwd, drain, leave }: Pick<World, 'cwd' | 'drain' | 'leave'>,
): Promise<NightProcess> {
  const [, program = ''] = process.argv
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    // A child that has just ended takes no more words.
    child.on('error', () => {})
    const say = (word: string) => child.connected && child.send(word, () => {})
    const onDrain = () => void say(tellToDrain)
    const onLeave = () => {
      say(tellToLeave)
      setTimeout(() => child.kill('SIGKILL'), leaveWithinMs).unref()
    }
    drain.addEventListener('abort', onDrain, { once: true })
    leave.addEventListener('abort', onLeave, { once: true })
    let isTold = false
    child.on('message', (word) => {
      isTold ||= word === hasAccounted
    })
    const end = (came: Omit<NightProcess, 'hasAccounted'>) => {
      drain.removeEventListener('abort', onDrain)
      leave.removeEventListener('abort', onLeave)
      resolve({ ...came, hasAccounted: isTold })
    }
    child.once('error', (error) => {
      if (child.pid === undefined) end({ status: null, because: `it could not be started: ${error.message}` })
    })
    child.once('exit', (status, signal) =>
      end({ status, because: signal === null ? null : `its process was ended by ${signal}` }),
    )
  })
}
