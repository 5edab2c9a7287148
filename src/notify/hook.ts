// The command that is called with a night: no shell between, the night on its standard input and in its environment.

import { spawn } from 'node:child_process'
import type { Night } from '../core/night.ts'
import { messageOf } from './messages.ts'
import { decisionWord, headline } from './news.ts'
import type { Delivery } from './post.ts'

export interface Hook {
  /** The program, then its arguments. */
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
}

/** Its output goes to `say`, line by line. */
export function callHook(
  night: Night,
  { command, cwd, env, timeoutMs }: Hook,
  say: (line: string) => void,
): Promise<Delivery> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, ...variablesOf(night) },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        for (const line of text.split('\n')) if (line.trim() !== '') say(line.trimEnd())
      })
    }
    // One that reads nothing closes its end.
    child.stdin.on('error', () => {})
    child.stdin.end(messageOf(night, 'json'))
    child.on('error', (error) => resolve({ isDelivered: false, because: error.message }))
    child.on('close', (status, signal) => {
      if (status === 0) return resolve({ isDelivered: true })
      const because =
        signal === null ? `it exited with ${status}` : `it was ended by ${signal} after at most ${timeoutMs} ms`
      resolve({ isDelivered: false, because })
    })
  })
}

function variablesOf(night: Night): Record<string, string> {
  const judged = night.kind === 'judged' ? night : null
  return {
    SHADOWGATE_DECISION: judged ? decisionWord(judged) : 'none',
    SHADOWGATE_PREVIOUS_DECISION: night.before ? decisionWord(night.before) : 'none',
    SHADOWGATE_HEADLINE: headline(night),
    SHADOWGATE_BECAUSE: night.because,
    SHADOWGATE_STATUS: String(night.status),
    SHADOWGATE_RUN: night.runId ?? '',
    SHADOWGATE_REPORT: judged?.reports[0] ?? '',
  }
}
