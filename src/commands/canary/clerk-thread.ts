// The first thread's end of the clerk: hands over what was served, and hears what it shows.

import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ComparisonOptions } from '../../canary/comparison.ts'
import type { Feedback } from '../../canary/feedback.ts'
import type { Served } from '../../canary/served.ts'
import type { Policy } from '../../core/judgement.ts'
import type { Evaluation } from '../../core/rollout.ts'
import type { Arm, Instant, Target } from '../../core/types.ts'
import type { PersonalDataOptions } from '../../ingest/personal/personal-data.ts'
import type { LogLimits } from './log-file.ts'

/** Plain data. */
export interface ClerkOrder {
  readonly policy: Policy
  /** Of the config. */
  readonly folder: string
  readonly targets: Readonly<Record<Arm, Target>>
  readonly comparison: ComparisonOptions
  readonly stratify: string | null
  readonly reportsCache: Readonly<Record<Arm, boolean>>
  readonly logPath: string
  readonly log: LogLimits
  readonly personal: PersonalDataOptions | null
}

export interface ClerkBegin {
  readonly kind: 'begin'
  /** Forgets what was seen, but for what the log has since then; the empty text forgets all. */
  readonly since: Instant
  /** From here the stage's own requests are counted. */
  readonly stageSince: Instant
  readonly isRenewal: boolean
}

export type ClerkCommand =
  | ClerkBegin
  /** Another order from now on; the new clerk reads what the log has. */
  | { readonly kind: 'renew'; readonly order: ClerkOrder; readonly begin: ClerkBegin }
  | { readonly kind: 'served'; readonly items: readonly Served[] }
  | { readonly kind: 'rated'; readonly feedback: Feedback; readonly at: Instant }
  | { readonly kind: 'evaluate'; readonly at: Instant }
  | { readonly kind: 'end' }

export type ClerkWork = Exclude<ClerkCommand, { readonly kind: 'renew' }> | { readonly kind: 'put-down' }

/** What the log had of the stage that began then. */
export interface Replayed {
  readonly stageSince: Instant
  readonly stageRequests: number
  readonly isRenewal: boolean
}

export type ClerkNews =
  | ({ readonly kind: 'replayed' } & Replayed)
  | { readonly kind: 'lost'; readonly lines: number }
  | { readonly kind: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'ended' }

export interface Clerk {
  readonly begin: (from: Beginning) => void
  /** By another order from now on; what was seen since `from` is read from the log. */
  readonly renew: (order: ClerkOrder, from: Beginning) => void
  readonly serve: (served: Served) => void
  readonly rate: (feedback: Feedback, at: Instant) => void
  readonly evaluate: (at: Instant) => void
  /** Requests that were left unread because the clerk did not keep up. */
  readonly unread: () => number
  /** Lines that the log had no room for. */
  readonly unlogged: () => number
  /** Resolves when all that was handed over is read and logged. */
  readonly close: () => Promise<void>
}

type Beginning = Pick<ClerkBegin, 'since' | 'stageSince'>

export interface Listening {
  readonly onReplayed: (replayed: Replayed) => void
  readonly onEvaluation: (evaluation: Evaluation) => void
  readonly onTrouble: (message: string) => void
}

/** Handed over this often. */
const handOverEveryMs = 25
/** Bytes on their way to the clerk at most: beyond, requests are served and not read. */
const mostWaiting = 256 * 1024 * 1024

export function startClerk(order: ClerkOrder, { onEvaluation, onReplayed, onTrouble }: Listening): Clerk {
  // The suffix is this file's own: `.ts` when run from the source, `.js` when built.
  const entry = new URL(`./clerk${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const worker = new Worker(entry, { workerData: order, execArgv: [] })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  const send = (command: ClerkCommand) => worker.postMessage(command)
  let items: Served[] = []
  let [waiting, unread, unlogged] = [0, 0, 0]
  const flush = () => {
    if (items.length > 0) send({ kind: 'served', items })
    items = []
    waiting = 0
  }
  const timer = setInterval(flush, handOverEveryMs)
  const ended = new Promise<void>((resolve) => {
    worker.on('message', (news: ClerkNews) => {
      if (news.kind === 'evaluation') onEvaluation(news.evaluation)
      else if (news.kind === 'trouble') onTrouble(news.message)
      else if (news.kind === 'replayed') onReplayed(news)
      else if (news.kind === 'lost') unlogged += news.lines
      else resolve()
    })
    worker.on('error', (error) => {
      onTrouble(`the thread that reads answers ended: ${error.message}`)
      resolve()
    })
  })
  return {
    begin: (from) => send({ kind: 'begin', isRenewal: false, ...from }),
    renew: (next, from) => {
      // What was served until now is read by the old order: it is in the log before the new one reads that.
      flush()
      send({ kind: 'renew', order: next, begin: { kind: 'begin', isRenewal: true, ...from } })
    },
    serve: (served) => {
      const bytes = served.request.length + served.answer.length
      if (waiting + bytes > mostWaiting) {
        unread++
        return
      }
      waiting += bytes
      items.push(served)
    },
    rate: (feedback, at) => {
      flush()
      send({ kind: 'rated', feedback, at })
    },
    evaluate: (at) => {
      flush()
      send({ kind: 'evaluate', at })
    },
    unread: () => unread,
    unlogged: () => unlogged,
    close: async () => {
      clearInterval(timer)
      flush()
      send({ kind: 'end' })
      await ended
      await worker.terminate()
    },
  }
}
