// Tells whoever the config names what came of a night. Nothing that happens here changes what the night came to.

import type { Night } from '../core/night.ts'
import { jobMetrics } from '../notify/job-metrics.ts'
import { isNews, type News } from '../notify/news.ts'
import { type Past, pastOf } from '../notify/past.ts'
import { plainNews } from '../notify/plain.ts'
import type { Delivery } from '../notify/post.ts'
import { readNights } from './journal.ts'
import { receiversOf, secretsOf, sendMetrics, storeBytes, writeTextfile } from './receivers.ts'
import type { Session } from './session.ts'

/** Receivers are told one beside the other; who could not be is said on standard error. */
export async function tell(session: Session, night: Night): Promise<void> {
  try {
    const news = newsOf(session, night)
    await Promise.all([tellMetrics(session, news), tellReceivers(session, news)])
  } catch (error) {
    session.world.log(`notify   nobody could be told: ${error instanceof Error ? error.message : String(error)}`)
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

async function tellReceivers(session: Session, news: News): Promise<void> {
  if (isStoppedByPerson(session, news.night)) return
  const { notify } = session.config
  const told = receiversOf(session)
    .filter(({ on }) => isNews(news, { ...notify, on }))
    .map(({ name, isOptional, tell: tellOne }) => ({ name, isOptional, delivery: tellOne(news) }))
  for (const { name, isOptional, delivery } of told) remarkOn(session, name, await delivery, isOptional)
}

/** Who stops it by hand needs no message; a timer's or a cluster's stop is another matter. */
function isStoppedByPerson({ world }: Session, night: Night): boolean {
  return night.kind === 'failed' && night.code === 'INTERRUPTED' && world.terminal !== null
}

/** Whatever the night came to, and whether or not it is news. */
async function tellMetrics(session: Session, { night, past }: News): Promise<void> {
  const facts = { night, past, storeBytes: storeBytes(session) }
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
