// Who is told of a night, as the config and the environment name them, and how each is reached.

import { dirname, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { thrownMessage } from '../../core/fault.ts'
import type { JobFacts, JobPoint } from '../../notify/job-metrics.ts'
import type { News, Occasion } from '../../notify/news.ts'
import type { Delivery } from '../../notify/post.ts'

import { knownKey } from '../config/key-named.ts'

import type { Session } from '../session/session.ts'
import { addressOf, unsetIn, type Webhook, webhookAddress } from './webhook-address.ts'

/** One that is told what is news. */
export interface Receiver {
  /** Where it stands in the config. */
  readonly name: string
  /** Whether it matters if it can't be told. */
  readonly isOptional: boolean
  readonly on: Occasion
  readonly tell: (news: News) => Promise<Delivery>
}

/** Three tries of a message: a receiver that restarts is back by then. */
const tries = 3
/** Who was asked to stop has not much time left. */
const hurriedMs = 3000

export function receiversOf(session: Session): readonly Receiver[] {
  const { on, webhooks, command } = session.config.notify
  const posts = webhooks.map((hook, place) => ({
    name: `notify.webhooks[${place}]`,
    isOptional: hook.optional,
    on: hook.on ?? on,
    tell: (news: News) => withPatience(session, (leave) => postTo(session, news, hook, leave)),
  }))
  if (command === undefined) return posts
  return [
    ...posts,
    {
      name: 'notify.command',
      isOptional: false,
      on,
      tell: (news) => withPatience(session, (leave) => callCommand(session, news, command, leave)),
    },
  ]
}

/** `leave`: aborted by the second signal, and soon after the first: whoever asked for the end of the job will not wait for a receiver. */
async function withPatience<T>({ world }: Session, tell: (leave: AbortSignal) => Promise<T>): Promise<T> {
  const [over, done] = [new AbortController(), new AbortController()]
  const hurry = async () => {
    await world.clock.sleep(hurriedMs, done.signal)
    over.abort()
  }
  const onDrain = () => void hurry()
  world.drain.addEventListener('abort', onDrain, { once: true })
  try {
    return await tell(AbortSignal.any([world.leave, over.signal]))
  } finally {
    world.drain.removeEventListener('abort', onDrain)
    done.abort()
  }
}

async function postTo({ world, config }: Session, news: News, hook: Webhook, leave: AbortSignal): Promise<Delivery> {
  const address = webhookAddress(hook, world.env)
  if ('because' in address) return { isDelivered: false, because: address.because }
  const { messageOf } = await import('../../notify/messages.ts')
  const { post } = await import('../../notify/post.ts')
  const isHurried = world.drain.aborted
  const { timeoutMs } = config.notify
  return post(
    { url: address.url, headers: hook.headers, body: messageOf(news, hook.format) },
    {
      clock: world.clock,
      timeoutMs: isHurried ? Math.min(timeoutMs, hurriedMs) : timeoutMs,
      tries: isHurried ? 1 : tries,
      leave,
    },
  )
}

async function callCommand(
  session: Session,
  news: News,
  command: readonly string[],
  leave: AbortSignal,
): Promise<Delivery> {
  const { callHook } = await import('../../notify/hook.ts')
  const { world, config, folder, say } = session
  const timeoutMs = world.drain.aborted ? hurriedMs : 6 * config.notify.timeoutMs
  const hook = { command, cwd: folder, env: world.env, timeoutMs, leave }
  return callHook(news, hook, (line) => say(`notify   ${line}`))
}

/** Values that stand in no message: addresses of webhooks, headers, and the keys of targets and of the judge, wherever they are kept. */
export function secretsOf({
  config,
  targets,
  world,
}: Pick<Session, 'config' | 'targets' | 'world'>): readonly string[] {
  const { webhooks, otlp } = config.notify
  const collectors = [otlp, config.canary.otlp].filter((each) => each !== undefined)
  const asked = [...Object.values(targets), ...(config.judge ? [config.judge.target] : [])]
  const keys = asked.flatMap(({ keyFrom }) => (keyFrom && knownKey(keyFrom.env, world.env)) ?? [])
  const addresses = webhooks.flatMap((hook) => addressOf(hook, world.env) ?? [])
  const headers = [...webhooks, ...collectors].flatMap((each) => Object.values(each.headers))
  return [...keys, ...addresses, ...headers]
}

/** The file is written whole or not at all. null where the config names none. */
export async function writeTextfile({ config, folder }: Session, facts: JobFacts): Promise<Delivery | null> {
  const { textfile } = config.notify
  if (textfile === undefined) return null
  const path = resolve(folder, textfile)
  try {
    const { textfileOf } = await import('../../notify/textfile.ts')
    writeFileAtomic.sync(path, await textfileOf(facts), { mode: 0o644 })
    return { isDelivered: true, answer: 'written' }
  } catch (error) {
    const because = thrownMessage(error)
    return { isDelivered: false, because: `${dirname(path)} can't be written: ${because}` }
  }
}

/** `points`: what is sent of a metric. null where no collector is named. `from`: what names it. */
export async function sendMetrics(
  session: Session,
  metrics: readonly { name: string; unit: string; help: string; points: readonly JobPoint[] }[],
): Promise<{ readonly from: string; readonly delivery: Delivery } | null> {
  const { config, world } = session
  const { collectorOf } = await import('../../notify/collector.ts')
  const collector = collectorOf(world.env, config.notify.otlp)
  if (collector === null) return null
  if ('because' in collector) return { from: 'OTLP', delivery: { isDelivered: false, because: collector.because } }
  const unset = unsetIn([collector.url ?? '', ...Object.values(collector.headers ?? {})])
  if (unset) {
    const because = `the environment variable ${unset} is not set`
    return { from: 'notify.otlp', delivery: { isDelivered: false, because } }
  }
  const { exportMetrics } = await import('../../notify/otlp.ts')
  const timeoutMs = collector.timeoutMs ?? config.notify.timeoutMs
  const delivery = await withPatience(session, (leave) =>
    exportMetrics({
      collector,
      metrics,
      version: world.versions.shadowgate,
      timeoutMs: world.drain.aborted ? Math.min(timeoutMs, hurriedMs) : timeoutMs,
      clock: world.clock,
      leave,
    }),
  )
  return { from: collector.from, delivery }
}
