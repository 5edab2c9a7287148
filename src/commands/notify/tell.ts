// Tells whoever the config names what came of a night. Nothing that happens here changes what the night came to.

import { thrownMessage } from '../../core/fault.ts'
import type { Night } from '../../core/night.ts'
import { jobMetrics } from '../../notify/job-metrics.ts'
import { headline, isNews, type Missed, type News } from '../../notify/news.ts'
import { type Past, pastOf } from '../../notify/past.ts'
import { plainNews } from '../../notify/plain.ts'
import type { Delivery } from '../../notify/post.ts'
import { readNights } from '../night/journal.ts'
import type { Session } from '../session/session.ts'
import { storeBytes } from '../session/store-file.ts'
import { receiversOf, secretsOf, sendMetrics, writeTextfile } from './receivers.ts'
import { readUntold, writeUntold } from './untold.ts'

/** Receivers are told one beside the other; who could not be is said on standard error. */
export async function tell(session: Session, night: Night): Promise<void> {
  try {
    const news = newsOf(session, night)
    await Promise.all([tellMetrics(session, news), tellReceivers(session, news)])
  } catch (error) {
    session.world.log(`notify   nobody could be told: ${thrownMessage(error)}`)
  }
}

function newsOf(session: Session, night: Night): News {
  const past: Past = pastOf(readNights(session.storePath), night.startedAt)
  return plainNews({ night, past, reportUrl: reportUrlOf(session, night) }, secretsOf(session))
}

function reportUrlOf({ config }: Session, night: Night): string | null {
  const { reportUrl } = config.notify
  if (reportUrl === undefined || night.kind !== 'judged') return null
  return reportUrl.replaceAll('{run}', encodeURIComponent(night.runId))
}

/** Who could not be told the last time is told now, news or not. What is owed is written down first: a kill may come at any time. */
async function tellReceivers(session: Session, news: News): Promise<void> {
  if (isStoppedByPerson(session, news.night)) return
  const { notify } = session.config
  const untold = readUntold(session.storePath)
  const own = { headline: headline(news), at: news.night.finishedAt }
  const waiting = receiversOf(session).flatMap((receiver) => {
    const missed = untold[receiver.name]
    const isFresh = isNews(news, { ...notify, on: receiver.on })
    if (!isFresh && (missed === undefined || receiver.on === 'never')) return []
    return [{ ...receiver, news: missed ? { ...news, missed } : news, owed: isFresh || !missed ? own : missed }]
  })
  if (waiting.length === 0) return
  keepUntold(session, waiting)
  const told = waiting.map((each) => ({ ...each, delivery: each.tell(each.news) }))
  const left: typeof waiting = []
  for (const { delivery, ...each } of told) {
    const outcome = await delivery
    remarkOn(session, each.name, outcome, each.isOptional)
    if (!outcome.isDelivered) left.push(each)
  }
  keepUntold(session, left)
}

type Owed = { readonly name: string; readonly isOptional: boolean; readonly owed: Missed }

function keepUntold({ storePath, world }: Session, owed: readonly Owed[]): void {
  const kept = owed.filter(({ isOptional }) => !isOptional).map((each) => [each.name, each.owed] as const)
  const trouble = writeUntold(storePath, Object.fromEntries(kept))
  if (trouble !== null) world.log(`notify   who is not told now will not be told later: ${trouble}`)
}

/** Who stops it by hand needs no message; a timer's or a cluster's stop is another matter. */
function isStoppedByPerson({ world }: Session, night: Night): boolean {
  return night.kind === 'failed' && night.code === 'INTERRUPTED' && world.terminal !== null
}

/** Whatever the night came to, and whether or not it is news. */
async function tellMetrics(session: Session, { night, past }: News): Promise<void> {
  const facts = { night, past, storeBytes: storeBytes(session.storePath) }
  const written = await writeTextfile(session, facts)
  if (written !== null) remarkOn(session, 'notify.textfile', written)
  const sent = await sendMetrics(
    session,
    jobMetrics.map((metric) => ({ ...metric, points: metric.points(facts) })),
  )
  if (sent !== null) remarkOn(session, sent.from, sent.delivery)
}

function remarkOn({ world, say }: Session, name: string, delivery: Delivery, isOptional = false): void {
  if (delivery.isDelivered) return
  const words = `notify   ${name} could not be told: ${delivery.because}`
  if (isOptional) say(`${words} (it is optional)`)
  else world.log(words)
}
