// Opens the browser on a terminal, and leaves the terminal as it was, however that ends.
/** @jsxImportSource react */

import { render, useApp } from 'ink'
import { type ReactNode, useEffect } from 'react'
import { type Browser, type BrowserOptions, createBrowser } from './browser.ts'
import { createLiveScreen, type LiveScreen } from './live/live-screen.ts'
import type { LiveSource } from './live/live-source.ts'
import { clipboardSequence, type Environment, showIn } from './outside.ts'
import { Live } from './view/live.tsx'
import { Screen } from './view/screen.tsx'

export interface Terminal {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly env: Environment
  /** Leaves the browser as `q` does. */
  readonly leave: AbortSignal
}

/** Resolves when a person quits. What fails inside it is thrown, once the terminal is its own again. */
export async function openBrowser(options: Omit<BrowserOptions, 'outside'>, terminal: Terminal): Promise<void> {
  const { stdin, stdout, env } = terminal
  const made: { browser: Browser | null } = { browser: null }
  await shown(terminal, ({ quit, suspend }) => {
    made.browser ??= createBrowser({
      ...options,
      outside: {
        open: async (program, text) => {
          const told: { trouble: string | null } = { trouble: null }
          await suspend(async () => {
            // Subtle: Ink takes its listener off a turn later and leaves the stream reading; the program's first keys would come here.
            await new Promise((resolve) => setImmediate(resolve))
            stdin.pause()
            told.trouble = await showIn(program, text, env)
          })
          return told.trouble
        },
        copy: (text) => void stdout.write(clipboardSequence(text)),
        quit,
      },
    })
    return <Screen browser={made.browser} />
  })
}

interface Held {
  readonly quit: () => void
  readonly suspend: (work: () => Promise<void>) => Promise<void>
}

/** Watches a replay, and tells it what to do. Resolves when a person quits. */
export async function openLive(source: LiveSource, hasColour: boolean, terminal: Terminal): Promise<void> {
  let screen: LiveScreen | null = null
  await shown(terminal, ({ quit }) => {
    screen ??= createLiveScreen(source, quit)
    return <Live screen={screen} hasColour={hasColour} />
  })
}

/** Draws until somebody quits. */
async function shown(terminal: Terminal, draw: (held: Held) => ReactNode): Promise<void> {
  const { stdin, stdout, env, leave } = terminal
  const isHeard = env['INK_SCREEN_READER'] === 'true'
  const app = render(<Held draw={draw} leave={leave} />, {
    stdin,
    stdout,
    // Ctrl-C is a key like others: it leaves by the same door.
    exitOnCtrlC: false,
    // Whoever reads by ear keeps what was said.
    alternateScreen: !isHeard,
    interactive: true,
    incrementalRendering: true,
    isScreenReaderEnabled: isHeard,
    maxFps: 60,
  })
  // Before whoever prints the error and ends the process: on the alternate screen nobody would read it.
  const restore = () => app.unmount()
  process.prependListener('uncaughtException', restore)
  try {
    await app.waitUntilExit()
  } finally {
    process.off('uncaughtException', restore)
    app.unmount()
  }
}

function Held({ draw, leave }: { readonly draw: (held: Held) => ReactNode; readonly leave: AbortSignal }) {
  const { exit, suspendTerminal } = useApp()
  useEffect(() => {
    const onLeave = () => exit()
    if (leave.aborted) onLeave()
    leave.addEventListener('abort', onLeave)
    return () => leave.removeEventListener('abort', onLeave)
  }, [exit, leave])
  return draw({ quit: () => exit(), suspend: (work) => suspendTerminal(work) })
}
