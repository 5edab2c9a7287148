// The first thread's end of the clerk: hands over what was served, and hears what it shows.

import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ComparisonOptions } from '../../../canary/comparing/comparison.ts'
import type { Feedback } from '../../../canary/proxy/feedback.ts'
import type { DrillTime } from '../../../canary/ramp/drill-times.ts'
import type { Served } from '../../../canary/served/served.ts'
import type { Policy } from '../../../core/judgement.ts'
import type { Evaluation } from '../../../core/rollout.ts'
import type { Arm, Instant, Target } from '../../../core/types.ts'
import type { PersonalDataOptions } from '../../../ingest/personal/personal-data.ts'
import { realClock } from '../../../replay/real-clock.ts'
import type { SpanOrder } from '../metrics/span-exporter.ts'
import { createClerkQueue, type Parcel } from './clerk-queue.ts'
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
  /** As the watch has it. */
  readonly isCacheMatched: boolean
  readonly logPath: string
  readonly log: LogLimits
  readonly personal: PersonalDataOptions | null
  /** What the targets are asked with: taken out of whatever is kept. */
  readonly keys: readonly { readonly key: string | null; readonly headers: Readonly<Record<string, string>> }[]
  /** null where nobody traces. */
  readonly spans: (SpanOrder & { readonly fingerprint: string }) | null
}

export interface ClerkBegin {
  readonly kind: 'begin'
  /** Forgets what was seen, but for what the log has since then; the empty text forgets all. */
  readonly since: Instant
  /** From here the stage's own requests are counted. */
  readonly stageSince: Instant
  /** What was served then is passed over. */
  readonly drills: readonly DrillTime[]
  /** The stage's own requests are counted already. */
  /** The stage's requests were counted as they came, and only what they showed is read again. */
  readonly isRenewal: boolean
  /** One more than the one before: what was found before this one moves nothing any more. */
  readonly number: number
}

export type ClerkCommand =
  | ClerkBegin
  /** Another order from now on; the new clerk reads what the log has. */
  | { readonly kind: 'renew'; readonly order: ClerkOrder; readonly begin: ClerkBegin }
  | { readonly kind: 'served'; readonly parcel: Parcel }
  | { readonly kind: 'evaluate'; readonly at: Instant }
  | { readonly kind: 'metrics' }
  | { readonly kind: 'end' }

export type ClerkWork = Exclude<ClerkCommand, { readonly kind: 'renew' }> | { readonly kind: 'put-down' }

/** What the log had of the stage that began then. */
export interface Replayed {
  readonly stageSince: Instant
  readonly stageRequests: number
  readonly isRenewal: boolean
}

export type ClerkNews =
  /** A parcel of so many bytes. */
  | { readonly kind: 'read'; readonly bytes: number }
  | ({ readonly kind: 'replayed' } & Replayed)
  | { readonly kind: 'lost'; readonly lines: number }
  /** `beginning`: the number of the one that it is since. */
  | { readonly kind: 'evaluation'; readonly evaluation: Evaluation; readonly beginning: number }
  | { readonly kind: 'trouble' | 'notice'; readonly message: string }
  | { readonly kind: 'metrics'; readonly text: string }
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
  /** What answers held, as Prometheus reads it: of a clerk that is busy, as it was when it was asked before. */
  readonly metrics: () => Promise<string>
  /** Resolves when all that was handed over is read and logged. */
  readonly close: () => Promise<void>
}

type Beginning = Omit<ClerkBegin, 'kind' | 'number'>

export interface Listening {
  readonly onReplayed: (replayed: Replayed) => void
  /** Of what was seen since the last beginning. */
  readonly onEvaluation: (evaluation: Evaluation) => void
  readonly onTrouble: (message: string) => void
  /** What operators want to hear, and what lost none of the log. */
  readonly onNotice: (message: string) => void
}

/** Handed over this often. */
const handOverEveryMs = 25
/** Beyond, requests are served and not read. */
const mostBytes = 256 * 1024 * 1024
/** A second's reading, where the clerk has to make do with a tenth of a processor. */
const mostHandedOver = 4 * 1024 * 1024
/** Prometheus waits ten seconds, and for the other metrics too. */
const metricsWithinMs = 1000

export function startClerk(order: ClerkOrder, listening: Listening): Clerk {
  const { onEvaluation, onReplayed, onTrouble, onNotice } = listening
  // The suffix is this file's own: `.ts` when run from the source, `.js` when built.
  const entry = new URL(`./clerk${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const worker = new Worker(entry, { workerData: order, execArgv: [] })
  const send = (command: ClerkCommand, memory: readonly ArrayBuffer[] = []) => worker.postMessage(command, memory)
  const queue = createClerkQueue({
    handOver: (parcel) => send({ kind: 'served', parcel }, [parcel.memory]),
    mostBytes,
    mostHandedOver,
  })
  let [metrics, unlogged, beginnings] = ['', 0, 0]
  const beginning = (from: Beginning): ClerkBegin => ({ kind: 'begin', number: ++beginnings, ...from })
  const onMetrics: (() => void)[] = []
  const hear = (text: string) => {
    metrics = text
    for (const told of onMetrics.splice(0)) told()
  }
  const timer = setInterval(queue.tick, handOverEveryMs)
  const ended = new Promise<void>((resolve) => {
    worker.on('message', (news: ClerkNews) => {
      if (news.kind === 'read') queue.read(news.bytes)
      else if (news.kind === 'evaluation') {
        // Subtle: it may have been on its way while another beginning was on the way there.
        if (news.beginning === beginnings) onEvaluation(news.evaluation)
      } else if (news.kind === 'trouble') onTrouble(news.message)
      else if (news.kind === 'notice') onNotice(news.message)
      else if (news.kind === 'metrics') hear(news.text)
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
    begin: (from) => {
      queue.handOverAll()
      send(beginning(from))
    },
    renew: (next, from) => {
      // What was served until now is read by the old order: it is in the log before the new one reads that.
      queue.handOverAll()
      send({ kind: 'renew', order: next, begin: beginning(from) })
    },
    serve: queue.serve,
    rate: (feedback, at) => queue.rate({ feedback, at }),
    // Not behind all that waits: what has been read says enough, and a rollback must not wait for the rest.
    evaluate: (at) => {
      queue.tick()
      send({ kind: 'evaluate', at })
    },
    unlogged: () => unlogged,
    unread: queue.unread,
    metrics: async () => {
      const over = new AbortController()
      const told = new Promise<void>((resolve) => onMetrics.push(resolve))
      queue.offer()
      send({ kind: 'metrics' })
      await Promise.race([told, realClock.sleep(metricsWithinMs, over.signal)])
      over.abort()
      return metrics
    },
    close: async () => {
      clearInterval(timer)
      queue.handOverAll()
      send({ kind: 'end' })
      await ended
      await worker.terminate()
    },
  }
}
