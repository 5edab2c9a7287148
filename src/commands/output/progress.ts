// Progress on standard error: a spinner on a terminal, a line now and then elsewhere, nothing when quiet.

import createSpinner from 'yocto-spinner'
import type { World } from '../world.ts'

export interface Progress {
  /** Shows one stage; `text` is asked a few times a second. */
  readonly during: <T>(text: () => string, work: () => Promise<T>) => Promise<T>
}

/** The same progress under other words: what a stage says of itself would not be true here. */
export function saying(text: string, progress: Progress): Progress {
  return { during: (_text, work) => progress.during(() => text, work) }
}

const redrawMs = 120
const lineEveryMs = 10_000
/** Of a log that is kept. */
const keptLineEveryMs = 60_000

/** `keep`: takes the lines of a log that is kept; null where people read along. */
export function createProgress(world: World, isQuiet: boolean, keep: ((text: string) => void) | null = null): Progress {
  if (isQuiet) return { during: (_text, work) => work() }
  if (keep !== null) return lines(keep, keptLineEveryMs)
  const isLive = world.stderr.isTTY && !world.env['CI'] && world.env['TERM'] !== 'dumb'
  return isLive ? live(world) : lines(world.log, lineEveryMs)
}

function live(world: World): Progress {
  return {
    during: async (text, work) => {
      // Signals belong to the replay, which drains.
      const spinner = createSpinner({ text: text(), stream: world.stderr, handleSignals: false }).start()
      const timer = setInterval(() => {
        spinner.text = text()
      }, redrawMs)
      try {
        const result = await work()
        spinner.success(text())
        return result
      } catch (error) {
        spinner.error(text())
        throw error
      } finally {
        clearInterval(timer)
      }
    },
  }
}

function lines(write: (text: string) => void, everyMs: number): Progress {
  return {
    during: async (text, work) => {
      const timer = setInterval(() => write(text()), everyMs)
      try {
        const result = await work()
        write(text())
        return result
      } finally {
        clearInterval(timer)
      }
    },
  }
}
