// The world as a command sees it: clock, environment, folders, output, signals. Injected, so that commands run in tests.

import { createInterface } from 'node:readline/promises'
import type { Clock } from '../core/clock.ts'
import { Fault } from '../core/fault.ts'
import { realClock } from '../replay/real-clock.ts'
import { tellToDrain, tellToLeave } from './nightly/parent-words.ts'
import { remark } from './output/remark.ts'

/** What a command line stands in; `realWorld` is this process. */
export interface World {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** The machine's clock as it is set now, in epoch ms; `clock.now` keeps to how it was set when the process began. */
  readonly wallNow: () => number
  /** The result, and nothing else. */
  readonly stdout: (text: string) => void
  /** Remarks for people, on standard error. */
  readonly log: (text: string) => void
  readonly stderr: NodeJS.WriteStream
  /** Width of standard output; null where it is no terminal. */
  readonly columns: number | null
  /** For what draws on the whole screen; null where nobody sits before one. */
  readonly terminal: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream } | null
  /** First Ctrl-C, SIGTERM or SIGHUP: stop starting new work. */
  readonly drain: AbortSignal
  /** From now on SIGHUP does this, and drains no more. */
  readonly onHangUp: (act: () => void) => void
  /** Second: break off what runs. */
  readonly leave: AbortSignal
  /** To whoever began this process and keeps a channel to it; nobody, mostly. */
  readonly tellParent: (word: string) => void
  /** Asks a person yes or no; null where nobody is at a terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | null
  readonly versions: { readonly shadowgate: string; readonly node: string }
}

/** From the second signal to the end. */
const leaveWithinMs = 1000

/**
 * This process: its folder, environment, output and clock. Takes over SIGINT, SIGTERM and SIGHUP, so make one for a process; `version` is
 * what `--version` says.
 */
export function realWorld(version: string): World {
  const drain = new AbortController()
  const leave = new AbortController()
  const breakOff = () => {
    leave.abort()
    // What listens has a moment to close the store; what does not is left all the same, through cli.ts. DuckDB survives either.
    setTimeout(() => {
      throw new Fault('INTERRUPTED', 'interrupted')
    }, leaveWithinMs).unref()
  }
  let signals = 0
  const onSignal = () => {
    signals += 1
    if (signals > 1) return breakOff()
    drain.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  // The scheduler's word counts apart from signals, of which a service manager sends it and its child one each.
  if (process.send !== undefined) {
    process.on('message', (word) => {
      if (word === tellToDrain) drain.abort()
      if (word === tellToLeave) breakOff()
    })
    process.channel?.unref()
  }
  // A reader that goes away (`| head`) ends the output, not the run.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return {
    cwd: process.cwd(),
    env: process.env,
    clock: realClock,
    wallNow: Date.now,
    stdout: (text) => void process.stdout.write(`${text}\n`),
    log: (text) => void process.stderr.write(`${remark(text, process.stderr.isTTY ? process.stderr.columns : null)}\n`),
    stderr: process.stderr,
    columns: process.stdout.isTTY ? process.stdout.columns : null,
    terminal: process.stdin.isTTY && process.stdout.isTTY ? { stdin: process.stdin, stdout: process.stdout } : null,
    drain: drain.signal,
    onHangUp: (act) => {
      process.off('SIGHUP', onSignal).on('SIGHUP', act)
    },
    leave: leave.signal,
    tellParent: (word) => void process.send?.(word, undefined, undefined, () => {}),
    confirm: process.stdin.isTTY && process.stderr.isTTY && !process.env['CI'] ? confirm : null,
    versions: { shadowgate: version, node: process.versions.node },
  }
}

/** Anything but yes is no. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}
