// The router's other thread: reads what was served, keeps its log, and says what it shows, while the first one only passes bytes on.

import { appendFileSync, createReadStream, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { parentPort, workerData } from 'node:worker_threads'
import type { Feedback } from '../../canary/feedback.ts'
import { callIn, lineIn, lineOf } from '../../canary/log-line.ts'
import { callOf } from '../../canary/reading.ts'
import type { Served } from '../../canary/served.ts'
import { type OpinionLine, opinionSchemaId, servedSchemaId } from '../../core/served-line.ts'
import { type Redaction, redactions } from '../../ingest/redact.ts'
import { providerServedBy } from '../../providers/index.ts'
import { isObject, parseJson } from '../../providers/shape.ts'
import { cleaned } from '../../replay/clean.ts'
import { metricsOf } from '../metrics-of.ts'
import type { ClerkCommand, ClerkNews, ClerkOrder } from './clerk-thread.ts'
import { comparableOf } from './comparable.ts'
import { createWatch, type Watch } from './watch.ts'

const port = parentPort
if (port !== null) {
  const clerk = createClerk(workerData as ClerkOrder, (news) => port.postMessage(news))
  // One after the other: a restart reads its log before anything new is seen.
  let work: Promise<void> = Promise.resolve()
  port.on('message', (command: ClerkCommand) => {
    work = work
      .then(() => clerk(command))
      .catch((error: unknown) => {
        port.postMessage({
          kind: 'trouble',
          message: error instanceof Error ? error.message : String(error),
        } satisfies ClerkNews)
      })
  })
}

function createClerk(order: ClerkOrder, tell: (news: ClerkNews) => void): (command: ClerkCommand) => Promise<void> {
  const { policy, folder, targets, comparison, stratify, reportsCache, isCacheMatched, logPath, personal } = order
  const comparable = comparableOf(metricsOf(policy, folder), policy, isCacheMatched)
  const prices = { production: targets.production.pricePerMillion, candidate: targets.candidate.pricePerMillion }
  const startWatch = () => createWatch({ comparable, comparison, stratify, prices, reportsCache, isCacheMatched })
  const redact = redactions(personal)
  let watch: Watch = startWatch()
  mkdirSync(dirname(logPath), { recursive: true })
  return async (command) => {
    switch (command.kind) {
      case 'begin':
        watch = startWatch()
        return replayLog(command.since)
      case 'served':
        return keep(command.items)
      case 'rated':
        return rate(command.feedback, command.at)
      case 'evaluate':
        return tell({ kind: 'evaluation', evaluation: watch.evaluate(command.at) })
      case 'end':
        return tell({ kind: 'ended' })
      default:
        return command satisfies never
    }
  }

  function keep(items: readonly Served[]): void {
    const lines = items.flatMap((served) => lineAfter(served, redact()) ?? [])
    if (lines.length > 0) appendFileSync(logPath, lines.join(''), { mode: 0o600 })
  }

  function rate(feedback: Feedback, at: string): void {
    const line: OpinionLine = { schema: opinionSchemaId, ...feedback, at }
    appendFileSync(logPath, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    watch.hear(feedback)
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
  async function replayLog(since: string): Promise<void> {
    if (since === '' || !existsSync(logPath)) return
    for await (const text of createInterface({ input: createReadStream(logPath) })) {
      const line = lineIn(text)
      if (line === null || line.at < since) continue
      if (line.schema === opinionSchemaId) {
        watch.hear(line)
        continue
      }
      const { api, vendor } = targets[line.arm]
      watch.see({ line, provider: providerServedBy(api, vendor), call: callIn(line) })
    }
  }
}
