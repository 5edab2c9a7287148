// The first thread's end of the clerk: hands over what was served, and hears what it shows.

import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ComparisonOptions } from '../../../canary/comparing/comparison.ts'
import type { Feedback } from '../../../canary/proxy/feedback.ts'
import type { DrillTime } from '../../../canary/ramp/drill-times.ts'
import type { Served } from '../../../canary/served/served.ts'
import type { Policy } from '../../../core/judgement.ts'
import type { Evaluation } from '../../../core/rollout.ts'
import type { Arm, Instant, Target } from '../../../core/types.ts'
import type { PersonalDataOptions } from '../../../ingest/personal/personal-data.ts'
import { realClock } from '../../../replay/real-clock.ts'
import { counted } from '../../../report/format.ts'
import type { SpanOrder } from '../metrics/span-exporter.ts'
import { createClerkQueue, type Parcel } from './clerk-queue.ts'
import { startLastingThread } from './lasting-thread.ts'
import type { LogLimits } from './log-file.ts'
import { createThreadRestarts, type ThreadRestart } from './thread-restarts.ts'

/** Plain data. */
export interface ClerkOrder {
  readonly policy: Policy
  /** Of the config. */
  readonly folder: string
  readonly targets: Readonly<Record<Arm, Target>>
  /** Of each target, for the log. */
  readonly settings: Readonly<Record<Arm, string>>
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
  /** The stage's requests were counted as they came, and only what they showed is read again. */
  readonly isRenewal: boolean
  /** Times that the rollout's evidence began again. */
  readonly restarts: number
  /** One more than the one before: what was found before this one moves nothing any more. */
  readonly number: number
}

export type ClerkCommand =
  | ClerkBegin
  /** Another order from now on; the new clerk reads what the log has. */
  | { readonly kind: 'renew'; readonly order: ClerkOrder; readonly begin: ClerkBegin }
  | { readonly kind: 'served'; readonly parcel: Parcel }
  | ({ readonly kind: 'evaluate'; readonly isBehind: boolean } & Asked)
  | { readonly kind: 'metrics' }
  | { readonly kind: 'end' }

/** When an evaluation was asked for, and when the stage of that moment had begun. */
export interface Asked {
  readonly at: Instant
  readonly stageSince: Instant
}

export type ClerkWork = Exclude<ClerkCommand, { readonly kind: 'renew' }> | { readonly kind: 'put-down' }

/** What the log had of the stage that began then. */
export interface Replayed {
  readonly stageSince: Instant
  readonly stageRequests: number
  readonly stageMs: number
  readonly isRenewal: boolean
}

export type ClerkNews =
  /** A parcel of so many bytes. */
  | { readonly kind: 'read'; readonly bytes: number }
  | ({ readonly kind: 'replayed' } & Replayed)
  | { readonly kind: 'lost'; readonly lines: number }
  /** `beginning`: the number of the one that it is since. */
  | {
      readonly kind: 'evaluation'
      readonly evaluation: Evaluation
      readonly stageSince: Instant
      readonly beginning: number
    }
  | { readonly kind: 'trouble' | 'notice'; readonly message: string }
  | { readonly kind: 'metrics'; readonly text: string }
  | { readonly kind: 'ended' }

export interface Clerk {
  readonly begin: (from: Beginning) => void
  /** By another order from now on; what was seen since `from` is read from the log. */
  readonly renew: (order: ClerkOrder, from: Beginning) => void
  readonly serve: (served: Served) => void
  readonly rate: (feedback: Feedback, at: Instant) => void
  /** Answered at once by what was read, and where more was served, once more when that is read too. */
  readonly evaluate: (asked: Asked) => void
  /** Requests that were left unread because the clerk did not keep up, or ended. */
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
  /** Of what was seen since the last beginning. `stageSince`: as it was asked. */
  readonly onEvaluation: (evaluation: Evaluation, stageSince: Instant) => void
  /** It is there again after it ended twice within an hour: unless it is told to begin elsewhere now, it reads the log again. */
  readonly onAnew: (because: string) => void
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

export function startClerk(order: ClerkOrder, listening: Listening, restarts = createThreadRestarts()): Clerk {
  const { onEvaluation, onReplayed, onAnew, onTrouble, onNotice } = listening
  let [current, from]: [ClerkOrder, Beginning | null] = [order, null]
  let [metrics, unlogged, beginnings] = ['', 0, 0]
  let isBehind = false
  const onMetrics: (() => void)[] = []
  const queue = createClerkQueue({
    handOver: (parcel) => thread.send({ kind: 'served', parcel }, [parcel.memory]),
    mostBytes,
    mostHandedOver,
  })
  const thread = startLastingThread<ClerkCommand, ClerkNews>({
    // The suffix is this file's own: `.ts` when run from the source, `.js` when built.
    entry: new URL(`./clerk${extname(fileURLToPath(import.meta.url))}`, import.meta.url),
    data: () => current,
    restarts,
    onNews: hear,
    onEnd: (why, restart) => {
      if (restart === null) queue.end()
      else queue.lose()
      onTrouble(`the thread that reads answers ended: ${why}; ${afterEnd(restart)}`)
    },
    onRestart: (why, { isAnew }) => {
      queue.resume()
      if (from === null) return
      const before = beginnings
      if (isAnew) onAnew(`the thread that reads answers ended again within an hour: ${why}`)
      // The stage's requests were counted as they came. Where it had not yet counted those of the log, they are missing: the stage waits.
      if (before === beginnings) begin({ ...from, isRenewal: true })
    },
  })
  const timer = setInterval(queue.tick, handOverEveryMs)

  function hear(news: ClerkNews): void {
    if (news.kind === 'read') queue.read(news.bytes)
    else if (news.kind === 'evaluation') {
      // Subtle: it may have been on its way while another beginning was on the way there.
      if (news.beginning === beginnings) onEvaluation(news.evaluation, news.stageSince)
    } else if (news.kind === 'trouble') onTrouble(news.message)
    else if (news.kind === 'notice') onNotice(news.message)
    else if (news.kind === 'metrics') {
      metrics = news.text
      for (const told of onMetrics.splice(0)) told()
    } else if (news.kind === 'replayed') onReplayed(news)
    else if (news.kind === 'lost') unlogged += news.lines
    else thread.stop()
  }

  function begun(next: Beginning): ClerkBegin {
    from = next
    // What was served until now is in the log before that is read.
    if (thread.isThere()) queue.handOverAll()
    return { kind: 'begin', number: ++beginnings, ...next }
  }

  function begin(next: Beginning): void {
    thread.send(begun(next))
  }

  return {
    begin,
    renew: (next, since) => {
      current = next
      thread.send({ kind: 'renew', order: next, begin: begun(since) })
    },
    serve: queue.serve,
    rate: (feedback, at) => queue.rate({ feedback, at }),
    evaluate: (asked) => {
      if (isBehind) return thread.send({ kind: 'evaluate', isBehind, ...asked })
      isBehind = true
      queue.whenHandedOver(() => {
        isBehind = false
        thread.send({ kind: 'evaluate', isBehind, ...asked })
      })
      // A rollback must not wait for the rest.
      if (isBehind) thread.send({ kind: 'evaluate', isBehind, ...asked })
    },
    unlogged: () => unlogged,
    unread: queue.unread,
    metrics: async () => {
      if (!thread.isThere()) return metrics
      const over = new AbortController()
      const told = new Promise<void>((resolve) => onMetrics.push(resolve))
      queue.offer()
      thread.send({ kind: 'metrics' })
      await Promise.race([told, realClock.sleep(metricsWithinMs, over.signal)])
      over.abort()
      return metrics
    },
    close: async () => {
      clearInterval(timer)
      if (thread.isThere()) queue.handOverAll()
      await thread.close({ kind: 'end' })
      const before = queue.unread()
      queue.end()
      const left = queue.unread() - before
      if (left > 0)
        onTrouble(`the thread that reads answers was gone: the log lacks the last ${counted(left, 'request')}`)
    },
  }
}

function afterEnd(restart: ThreadRestart | null): string {
  if (restart === null)
    return 'it ended too often and stays ended: only guards act, and the ramp goes no further before a restart of the router'
  const wait = `in ${restart.pauseMs / 1000} s`
  return restart.isAnew ? `another begins ${wait}, without what it had seen` : `another reads the log again ${wait}`
}
