// The router's other thread: reads what was served, keeps its log, and says what it shows, while the first one only passes bytes on.

import { createReadStream, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parentPort, workerData } from 'node:worker_threads'
import type { Feedback } from '../../canary/feedback.ts'
import { callIn, countsForStage, lineIn, lineOf } from '../../canary/log-line.ts'
import { callOf } from '../../canary/reading.ts'
import type { Served } from '../../canary/served.ts'
import { type OpinionLine, opinionSchemaId, servedSchemaId } from '../../core/served-line.ts'
import { type Redaction, redactions } from '../../ingest/redact.ts'
import { providerServedBy } from '../../providers/index.ts'
import { isObject, parseJson } from '../../providers/shape.ts'
import { cleaned } from '../../replay/clean.ts'
import { realClock } from '../../replay/real-clock.ts'
import { metricsOf } from '../metrics-of.ts'
import type { ClerkBegin, ClerkCommand, ClerkNews, ClerkOrder, ClerkWork } from './clerk-thread.ts'
import { comparableOf } from './comparable.ts'
import { logFiles, openLog } from './log-file.ts'
import { createWatch, type Watch } from './watch.ts'

const port = parentPort
if (port !== null) {
  const tell = (news: ClerkNews) => port.postMessage(news)
  let clerk = createClerk(workerData as ClerkOrder, tell)
  // One after the other: a restart reads its log before anything new is seen.
  let work: Promise<void> = Promise.resolve()
  port.on('message', (command: ClerkCommand) => {
    work = work
      .then(async () => {
        if (command.kind !== 'renew') return clerk(command)
        await clerk({ kind: 'put-down' })
        clerk = createClerk(command.order, tell)
        return clerk(command.begin)
      })
      .catch((error: unknown) => {
        port.postMessage({
          kind: 'trouble',
          message: error instanceof Error ? error.message : String(error),
        } satisfies ClerkNews)
      })
  })
}

function createClerk(order: ClerkOrder, tell: (news: ClerkNews) => void): (command: ClerkWork) => Promise<void> {
  const { policy, folder, targets, comparison, stratify, reportsCache, logPath, personal } = order
  const comparable = comparableOf(metricsOf(policy, folder), policy)
  const prices = { production: targets.production.pricePerMillion, candidate: targets.candidate.pricePerMillion }
  const startWatch = () => createWatch({ comparable, comparison, stratify, prices, reportsCache })
  const redact = redactions(personal)
  let watch: Watch = startWatch()
  const log = openLog({
    path: logPath,
    limits: order.log,
    now: realClock.now,
    onTrouble: (message) => tell({ kind: 'trouble', message }),
  })
  return async (command) => {
    switch (command.kind) {
      case 'begin':
        watch = startWatch()
        return replayLog(command)
      case 'served':
        return keep(command.items)
      case 'rated':
        return rate(command.feedback, command.at)
      case 'evaluate':
        return tell({ kind: 'evaluation', evaluation: watch.evaluate(command.at) })
      case 'put-down':
        return log.close()
      case 'end':
        log.close()
        return tell({ kind: 'ended' })
      default:
        return command satisfies never
    }
  }

  function keep(items: readonly Served[]): void {
    const lines = items.flatMap((served) => lineAfter(served, redact()) ?? [])
    write(lines)
  }

  function rate(feedback: Feedback, at: string): void {
    const line: OpinionLine = { schema: opinionSchemaId, ...feedback, at }
    write([`${JSON.stringify(line)}\n`])
    watch.hear(feedback)
  }

  function write(lines: readonly string[]): void {
    const lost = lines.length === 0 ? 0 : log.append(lines)
    if (lost > 0) tell({ kind: 'lost', lines: lost })
  }

  function lineAfter(served: Served, redaction: Redaction): string | null {
    if (served.group === null) return null
    const { api, vendor } = targets[served.servedBy]
    const provider = providerServedBy(api, vendor)
    const asked = parseJson(Buffer.from(served.request).toString('utf8'))
    const request = isObject(asked) ? provider.withoutParty(redaction.object(asked)) : {}
    const call = callOf(served, provider)
    const outcome = call === null ? ({ kind: 'cancelled' } as const) : cleaned(call.outcome, redaction.text)
    const text = lineOf({ served, request, outcome, firstTokenMs: call?.firstTokenMs ?? null })
    const line = text === null ? null : lineIn(text)
    if (line?.schema === servedSchemaId) watch.see({ line, provider, call })
    return text
  }

  /** What was seen before the restart counts, as far as the log goes back. */
  async function replayLog({ since, stageSince, isRenewal }: ClerkBegin): Promise<void> {
    let stageRequests = 0
    for (const file of since === '' ? [] : logFiles(logPath)) {
      if (isOlder(file, since)) continue
      for await (const text of createInterface({ input: createReadStream(file) })) {
        const line = lineIn(text)
        if (line === null || line.at < since) continue
        if (line.schema === opinionSchemaId) {
          watch.hear(line)
          continue
        }
        const { api, vendor } = targets[line.arm]
        watch.see({ line, provider: providerServedBy(api, vendor), call: callIn(line) })
        if (line.at >= stageSince && countsForStage(line)) stageRequests++
      }
    }
    tell({ kind: 'replayed', stageSince, stageRequests, isRenewal })
  }
}

/** Nothing in it is as new. A day's doubt, since clocks are set. */
function isOlder(file: string, since: string): boolean {
  const changedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return changedMs < Date.parse(since) - 86_400_000
}
