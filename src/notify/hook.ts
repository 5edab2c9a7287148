// The command that is called with a night: no shell between, the night on its standard input and in its environment.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { decisionWord } from '../core/decision-word.ts'
import { withoutSecrets } from '../core/secrets.ts'
import { printable, shorten } from '../core/visible-text.ts'
import { messageOf } from './messages.ts'
import { headline, type News } from './news.ts'
import type { Delivery } from './post.ts'

export interface Hook {
  /** The program, then its arguments. */
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Until it is asked to end, and soon after made to. */
  readonly timeoutMs: number
  /** Makes it end at once. */
  readonly leave?: AbortSignal
}

/** Between SIGTERM and SIGKILL, and between the program's end and that of what it left running with its output. */
const graceMs = 1000
/** Of its output; what comes after is read and dropped, so that it never waits for us. */
const mostOutput = 16_384
const mostLines = 100
/** The system bounds what an environment holds. */
const longestVariable = 4000

/** Its output goes to `say`, line by line, once it has ended. Never an exception. */
export async function callHook(news: News, hook: Hook, say: (line: string) => void): Promise<Delivery> {
  const child = started(news, hook)
  if (child instanceof Error) return { isDelivered: false, because: wordsOf(child) }
  const output = collected(child)
  // One that reads nothing closes its end.
  child.stdin.on('error', () => {})
  child.stdin.end(messageOf(news, 'json'))
  const delivery = await ended(child, hook)
  for (const line of output()) say(line)
  return delivery
}

function started(news: News, { command, cwd, env }: Hook): ChildProcessWithoutNullStreams | Error {
  const [program = '', ...args] = command
  const variables = variablesOf(news)
  try {
    // A group of its own: what it starts can be ended with it, and a terminal's Ctrl-C is not for it.
    return spawn(program, args, { cwd, env: { ...env, ...variables }, detached: process.platform !== 'win32' })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function ended(child: ChildProcessWithoutNullStreams, { timeoutMs, leave }: Hook): Promise<Delivery> {
  return new Promise((resolve) => {
    let isLate = false
    const end = (signal: NodeJS.Signals) => {
      isLate = true
      endGroup(child, signal)
    }
    let isBrokenOff = false
    const kill = () => end('SIGKILL')
    const breakOff = () => {
      isBrokenOff = true
      kill()
    }
    let timer = setTimeout(() => {
      end('SIGTERM')
      timer = setTimeout(kill, graceMs)
    }, timeoutMs)
    const finish = (delivery: Delivery) => {
      clearTimeout(timer)
      leave?.removeEventListener('abort', breakOff)
      // What it left running may hold the pipes for ever.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      resolve(delivery)
    }
    leave?.addEventListener('abort', breakOff)
    child.on('error', (error) => finish({ isDelivered: false, because: wordsOf(error) }))
    child.on('exit', (status, signal) => {
      clearTimeout(timer)
      const delivery = deliveryOf({ status, signal, isLate, isBrokenOff, timeoutMs })
      // What it started and did not wait for is ended with it where it was late, and else left.
      if (isLate) endGroup(child, 'SIGKILL')
      timer = setTimeout(() => finish(delivery), graceMs)
      child.on('close', () => finish(delivery))
    })
  })
}

interface Ending {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly isLate: boolean
  readonly isBrokenOff: boolean
  readonly timeoutMs: number
}

function deliveryOf({ status, signal, isLate, isBrokenOff, timeoutMs }: Ending): Delivery {
  if (isBrokenOff) return { isDelivered: false, because: 'it had not ended when the job was asked to, and was made to' }
  if (isLate) return { isDelivered: false, because: `it had not ended after ${timeoutMs} ms, and was made to` }
  if (status === 0) return { isDelivered: true, answer: 'exited with 0' }
  return { isDelivered: false, because: signal === null ? `it exited with ${status}` : `it was ended by ${signal}` }
}

function endGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // It is gone.
  }
}

/** `spawn ./hook.sh EACCES` is what Node says; the message says what that means. */
function wordsOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return 'there is no such program (ENOENT)'
  if (code === 'EACCES') return 'the program may not be executed (EACCES)'
  return `it could not be started: ${code || error.message}`
}

/** What it said so far, in lines that are safe to show. */
function collected(child: ChildProcessWithoutNullStreams): () => string[] {
  let text = ''
  let isCut = false
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('error', () => {})
    stream.on('data', (chunk: string) => {
      isCut ||= text.length + chunk.length > mostOutput
      text += chunk.slice(0, Math.max(0, mostOutput - text.length))
    })
  }
  return () => {
    const lines = printable(withoutSecrets(text).text)
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
    const isMore = isCut || lines.length > mostLines
    return isMore ? [...lines.slice(0, mostLines), '… it said more, which is left out'] : lines
  }
}

/** Of the environment that it is called with. */
export function variablesOf(news: News): Record<string, string> {
  const { night, past, reportUrl } = news
  const judged = night.kind === 'judged' ? night : null
  const standing = night.before ?? past.standing
  const variables = {
    SHADOWGATE_KIND: night.kind,
    SHADOWGATE_DECISION: judged ? decisionWord(judged) : 'none',
    SHADOWGATE_PREVIOUS_DECISION: standing ? decisionWord(standing) : 'none',
    SHADOWGATE_HEADLINE: headline(news),
    SHADOWGATE_BECAUSE: night.because,
    SHADOWGATE_STATUS: String(night.status),
    SHADOWGATE_FAILURES: String(night.kind === 'failed' ? past.failures + 1 : 0),
    SHADOWGATE_RUN: night.runId ?? '',
    SHADOWGATE_REPORT: judged?.reports[0] ?? '',
    SHADOWGATE_REPORT_URL: reportUrl ?? '',
    SHADOWGATE_TEST: news.isTest ? '1' : '',
  }
  return Object.fromEntries(
    // No variable holds a NUL.
    Object.entries(variables).map(([name, text]) => [name, shorten(text.replaceAll('\0', ''), longestVariable)]),
  )
}
