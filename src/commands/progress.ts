// Progress on standard error: a spinner on a terminal, a line now and then elsewhere, nothing when quiet.

import createSpinner from 'yocto-spinner'
import type { World } from './world.ts'

export interface Progress {
  /** Shows one stage; `text` is asked a few times a second. */
  readonly during: <T>(text: () => string, work: () => Promise<T>) => Promise<T>
}

const redrawMs = 120
const lineEveryMs = 10_000

export function createProgress(world: World, isQuiet: boolean): Progress {
  if (isQuiet) return { during: (_text, work) => work() }
  const isLive = world.stderr.isTTY && !world.env['CI'] && world.env['TERM'] !== 'dumb'
  return isLive ? live(world) : lines(world)
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

function lines(world: World): Progress {
  return {
    during: async (text, work) => {
      const timer = setInterval(() => world.log(text()), lineEveryMs)
      try {
        const result = await work()
        world.log(text())
        return result
      } finally {
        clearInterval(timer)
      }
    },
  }
}
