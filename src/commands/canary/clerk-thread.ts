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
import { createClerkQueue, type Parcel } from './clerk-queue.ts'

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
  readonly personal: PersonalDataOptions | null
}

export type ClerkCommand =
  /** Forgets what was seen, but for what the log has since then; the empty text forgets all. */
  | { readonly kind: 'begin'; readonly since: Instant }
  | { readonly kind: 'served'; readonly parcel: Parcel }
  | { readonly kind: 'evaluate'; readonly at: Instant }
  | { readonly kind: 'end' }

export type ClerkNews =
  /** A parcel of so many bytes. */
  | { readonly kind: 'read'; readonly bytes: number }
  | { readonly kind: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'ended' }

export interface Clerk {
  readonly begin: (since: Instant) => void
  readonly serve: (served: Served) => void
  readonly rate: (feedback: Feedback, at: Instant) => void
  readonly evaluate: (at: Instant) => void
  /** Requests that were left unread because the clerk did not keep up. */
  readonly unread: () => number
  /** Resolves when all that was handed over is read and logged. */
  readonly close: () => Promise<void>
}

export interface Listening {
  readonly onEvaluation: (evaluation: Evaluation) => void
  readonly onTrouble: (message: string) => void
}

/** Handed over this often. */
const handOverEveryMs = 25
/** Beyond, requests are served and not read. */
const mostBytes = 256 * 1024 * 1024
/** A second's reading, where the clerk has to make do with a tenth of a processor. */
const mostHandedOver = 4 * 1024 * 1024

export function startClerk(order: ClerkOrder, { onEvaluation, onTrouble }: Listening): Clerk {
  // The suffix is this file's own: `.ts` when run from the source, `.js` when built.
  const entry = new URL(`./clerk${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const worker = new Worker(entry, { workerData: order, execArgv: [] })
  const send = (command: ClerkCommand, memory: readonly ArrayBuffer[] = []) => worker.postMessage(command, memory)
  const queue = createClerkQueue({
    handOver: (parcel) => send({ kind: 'served', parcel }, [parcel.memory]),
    mostBytes,
    mostHandedOver,
  })
  const timer = setInterval(queue.tick, handOverEveryMs)
  const ended = new Promise<void>((resolve) => {
    worker.on('message', (news: ClerkNews) => {
      if (news.kind === 'read') queue.read(news.bytes)
      else if (news.kind === 'evaluation') onEvaluation(news.evaluation)
      else if (news.kind === 'trouble') onTrouble(news.message)
      else resolve()
    })
    worker.on('error', (error) => {
      onTrouble(`the thread that reads answers ended: ${error.message}`)
      resolve()
    })
  })
  return {
    begin: (since) => {
      queue.handOverAll()
      send({ kind: 'begin', since })
    },
    serve: queue.serve,
    rate: (feedback, at) => queue.rate({ feedback, at }),
    // Not behind all that waits: what has been read says enough, and a rollback must not wait for the rest.
    evaluate: (at) => {
      queue.tick()
      send({ kind: 'evaluate', at })
    },
    unread: queue.unread,
    close: async () => {
      clearInterval(timer)
      queue.handOverAll()
      send({ kind: 'end' })
      await ended
      await worker.terminate()
    },
  }
}
