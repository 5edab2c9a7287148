// The router's other thread: reads what was served, keeps its log, and says what it shows, while the first one only passes bytes on.

import { createReadStream, statSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import { parentPort, workerData } from 'node:worker_threads'
import { secretsIn } from '../../../canary/proxy/credentials.ts'
import type { Feedback } from '../../../canary/proxy/feedback.ts'
import { type DrillTime, isWithin } from '../../../canary/ramp/drill-times.ts'
import { createStageTime } from '../../../canary/ramp/stage-time.ts'
import { callIn, countsForStage, lineIn, servedLine, textOf } from '../../../canary/served/log-line.ts'
import { requestIn } from '../../../canary/served/logged-request.ts'
import { unpacked } from '../../../canary/served/pack.ts'
import { callOf } from '../../../canary/served/reading.ts'
import type { Served } from '../../../canary/served/served.ts'
import { thrownMessage } from '../../../core/fault.ts'
import { type OpinionLine, opinionSchemaId } from '../../../core/served-line.ts'
import { type Redaction, redactions } from '../../../ingest/redact.ts'
import { providerNamed, providerServedBy } from '../../../providers/index.ts'
import { type Clean, cleaned, withoutKeys } from '../../../replay/clean.ts'
import { realClock } from '../../../replay/real-clock.ts'
import { metricsOf } from '../../gate/metrics-of.ts'
import type { Parcel } from './clerk-queue.ts'
import type { ClerkBegin, ClerkCommand, ClerkNews, ClerkOrder, ClerkWork } from './clerk-thread.ts'
import { comparableOf } from './comparable.ts'
import { logFiles, openLog } from './log-file.ts'
import { createObserver, type Observed, type Observer } from './observer.ts'
import { createWatch, type Watch } from './watch.ts'

const port = parentPort
if (port !== null) {
  makeWay()
  const tell = (news: ClerkNews) => port.postMessage(news)
  let isEnding = false
  let clerk = createClerk(workerData as ClerkOrder, tell, () => isEnding)
  // One after the other: a restart reads its log before anything new is seen.
  let work: Promise<void> = Promise.resolve()
  port.on('message', (command: ClerkCommand) => {
    if (command.kind === 'end') isEnding = true
    work = work
      .then(async () => {
        if (command.kind !== 'renew') return clerk(command)
        await renew(command.order)
        return clerk(command.begin)
      })
      .catch(tellTrouble)
  })

  /** Where that can't be done, it goes on by the order of before: a ramp that nobody compares for is never rolled back. */
  async function renew(order: ClerkOrder): Promise<void> {
    try {
      const next = createClerk(order, tell, () => isEnding)
      await clerk({ kind: 'put-down' })
      clerk = next
    } catch (error) {
      tellTrouble(error)
    }
  }

  function tellTrouble(error: unknown): void {
    tell({ kind: 'trouble', message: thrownMessage(error) })
  }
}

interface Reading {
  /** Its line of the log; null where it has none. */
  readonly text: string | null
  readonly observed: Observed
}

/**
 * Where both want the same processor, users come first: this thread then has a tenth of it. Linux has priorities of threads; elsewhere
 * the whole process would stand back. For good: an ordinary user can't take it back, however much waits, so what waits is bounded.
 */
function makeWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox may forbid it: then both have as much.
  }
}

function createClerk(
  order: ClerkOrder,
  tell: (news: ClerkNews) => void,
  isEnding: () => boolean,
): (command: ClerkWork) => Promise<void> {
  const { policy, folder, targets, comparison, stratify, reportsCache, isCacheMatched, logPath, personal } = order
  const comparable = comparableOf(metricsOf(policy, folder), policy, isCacheMatched)
  const prices = { production: targets.production.pricePerMillion, candidate: targets.candidate.pricePerMillion }
  const startWatch = (restarts: number) => {
    const level = levelAfter(restarts, policy.level)
    const levelled = {
      comparable: { ...comparable, policy: { ...comparable.policy, level } },
      comparison: { ...comparison, level },
    }
    return createWatch({ ...levelled, stratify, prices, reportsCache, isCacheMatched })
  }
  const redact = redactions(personal)
  const ownKeys = order.keys.map(withoutKeys)
  const observing = createObserver(order, (message) => tell({ kind: 'notice', message }))
  let watch: Watch = startWatch(0)
  let drills: readonly DrillTime[] = []
  let beginning = 0
  let isCutShort = false
  const log = openLog({
    path: logPath,
    limits: order.log,
    now: realClock.now,
    onTrouble: (message) => tell({ kind: 'trouble', message }),
  })
  return async (command) => {
    switch (command.kind) {
      case 'begin':
        watch = startWatch(command.restarts)
        drills = command.drills
        beginning = command.number
        return replayLog(command)
      case 'served':
        return take(command.parcel, await observing)
      case 'evaluate':
        // By a part of the evidence nothing may be decided.
        if (isCutShort) return
        return tell({
          kind: 'evaluation',
          evaluation: { ...watch.evaluate(command.at), ...(command.isBehind && { isBehind: true }) },
          stageSince: command.stageSince,
          beginning,
        })
      case 'metrics':
        return tell({ kind: 'metrics', text: await (await observing).text() })
      case 'put-down':
        log.close()
        return (await observing).close()
      case 'end':
        try {
          log.close()
          await (await observing).close()
        } finally {
          // A disk that fails at last is told as trouble, and the router ends all the same.
          tell({ kind: 'ended' })
        }
        return
      default:
        return command satisfies never
    }
  }

  function take(parcel: Parcel, observer: Observer): void {
    // Asked for before: memory that was handed on has no length.
    const bytes = parcel.memory.byteLength
    try {
      keep(unpacked(parcel), observer)
      for (const { feedback, at } of parcel.opinions) rate(feedback, at, observer)
    } finally {
      tell({ kind: 'read', bytes })
    }
  }

  function keep(items: Iterable<Served>, observer: Observer): void {
    const all = [...items].flatMap((served) => readingOf(served, redact(), observer) ?? [])
    const lines = all.flatMap(({ text }) => text ?? [])
    write(lines)
    for (const { observed } of all) observer.see(observed)
  }

  function rate(feedback: Feedback, at: string, observer: Observer): void {
    const line: OpinionLine = { schema: opinionSchemaId, ...feedback, at }
    write([textOf(line)])
    const group = watch.hear(feedback)
    observer.hear(feedback.score, group === null ? null : group === 'candidate' ? 'candidate' : 'production')
  }

  function write(lines: readonly string[]): void {
    const lost = lines.length === 0 ? 0 : log.append(lines)
    if (lost > 0) tell({ kind: 'lost', lines: lost })
  }

  /** null where nobody wants to know. */
  function readingOf(served: Served, redaction: Redaction, observer: Observer): Reading | null {
    observer.pass(served)
    if (served.group === null && !observer.wants(served)) return null
    const { api, vendor } = targets[served.servedBy]
    const isOfTarget = served.api === null || served.api === api
    const provider = isOfTarget ? providerServedBy(api, vendor) : providerNamed(served.api)
    const asked = requestIn(served)
    // The first thread did not look so closely.
    if (asked === undefined) return null
    const request = asked === null ? {} : redaction.object(provider.withoutParty(asked))
    const { keys: keysTaken } = redaction.taken()
    const call = callOf(served, provider)
    const outcome = call === null ? ({ kind: 'cancelled' } as const) : cleaned(call.outcome, cleanOf(served, redaction))
    const firstTokenMs = call?.firstTokenMs ?? null
    const settings = order.settings[served.servedBy]
    const line = servedLine({ served, settings, request, keysTaken, outcome, firstTokenMs })
    if (line !== null && !isWithin(drills, line.at)) watch.see({ line, provider, call })
    return { text: line && textOf(line), observed: { served, provider, request, call, outcome } }
  }

  /** Without what the client or a target was asked with, whatever it looks like, and then without what looks like a secret. */
  function cleanOf({ credentials = [], path }: Served, redaction: Redaction): Clean {
    const secrets = Object.fromEntries(secretsIn(credentials, path).map((secret) => [secret, secret]))
    const cleans = [withoutKeys({ key: null, headers: secrets }), ...ownKeys]
    return (text) => redaction.text(cleans.reduce((rest, clean) => clean?.(rest) ?? rest, text))
  }

  /** What was seen before the restart counts, as far as the log goes back. */
  async function replayLog({ since, stageSince, isRenewal }: ClerkBegin): Promise<void> {
    let stageRequests = 0
    const stageTime = createStageTime(stageSince)
    for (const file of since === '' ? [] : logFiles(logPath)) {
      if (isOlder(file, since)) continue
      for await (const text of linesOf(file)) {
        // A log of gigabytes must not hold up the router's end: what waits behind it is still to be written.
        isCutShort = isEnding()
        if (isCutShort) return
        const line = lineIn(text)
        if (line === null || line.at < since || isWithin(drills, line.at)) continue
        if (line.schema === opinionSchemaId) {
          watch.hear(line)
          continue
        }
        const { api, vendor } = targets[line.arm]
        watch.see({ line, provider: providerServedBy(api, vendor), call: callIn(line) })
        if (line.at < stageSince) continue
        stageTime.see(line.at)
        if (countsForStage(line)) stageRequests++
      }
    }
    tell({ kind: 'replayed', stageSince, stageRequests, stageMs: stageTime.ms(), isRenewal })
  }

  /** Of a file that can't be read to its end, what could be: the ramp waits for what is told when all are read. */
  async function* linesOf(file: string): AsyncGenerator<string> {
    try {
      yield* createInterface({ input: createReadStream(file) })
    } catch (error) {
      tell({ kind: 'trouble', message: `the log can't be read again: ${thrownMessage(error)}` })
    }
  }
}

/**
 * Limits that hold at every moment hold for one sequence of users. Evidence that begins again is another one, and another chance to be
 * wrong: each has half of the error of the one before, so that all of a rollout together, however often that happens, err at most twice as
 * often as one. Where the log is read again it is the same sequence, a piece shorter for both groups, and its level stays.
 */
function levelAfter(restarts: number, level: number): number {
  return 1 - (1 - level) / 2 ** restarts
}

/** Nothing in it is as new. A day's doubt, since clocks are set. */
function isOlder(file: string, since: string): boolean {
  const changedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return changedMs < Date.parse(since) - 86_400_000
}
