// Tells whoever the config names what came of a night. Nothing that happens here changes what the night came to.

import { dirname, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { Night } from '../core/night.ts'
import { callHook } from '../notify/hook.ts'
import { messageOf } from '../notify/messages.ts'
import { isNews } from '../notify/news.ts'
import { type Delivery, post } from '../notify/post.ts'
import { textfileOf } from '../notify/textfile.ts'
import type { Session } from './session.ts'

const tries = 3

/** Receivers are told one beside the other; who could not be is said on standard error. */
export async function tell(session: Session, night: Night): Promise<void> {
  const { notify } = session.config
  await writeTextfile(session, night)
  if (!isNews(night, notify.on)) return
  const told = [
    ...notify.webhooks.map((hook, place) => ({
      name: `notify.webhooks[${place}]`,
      delivery: postTo(session, night, hook),
    })),
    ...(notify.command === undefined
      ? []
      : [{ name: 'notify.command', delivery: callCommand(session, night, notify.command) }]),
  ]
  for (const { name, delivery } of told) {
    const outcome = await delivery
    if (!outcome.isDelivered) session.world.log(`notify   ${name} could not be told: ${outcome.because}`)
  }
}

type Webhook = Session['config']['notify']['webhooks'][number]

async function postTo({ world, config }: Session, night: Night, hook: Webhook): Promise<Delivery> {
  const url = hook.url ?? (hook.urlFrom && world.env[hook.urlFrom.env])
  if (!url) return { isDelivered: false, because: `the environment variable ${hook.urlFrom?.env} is not set` }
  if (!URL.canParse(url)) return { isDelivered: false, because: `${hook.urlFrom?.env} holds no address` }
  const { timeoutMs } = config.notify
  return post(
    { url, headers: hook.headers, body: messageOf(night, hook.format) },
    { clock: world.clock, timeoutMs, tries },
  )
}

function callCommand(
  { world, config, folder, say }: Session,
  night: Night,
  command: readonly string[],
): Promise<Delivery> {
  const hook = { command, cwd: folder, env: world.env, timeoutMs: 6 * config.notify.timeoutMs }
  return callHook(night, hook, (line) => say(`notify   ${line}`))
}

async function writeTextfile({ config, folder, world }: Session, night: Night): Promise<void> {
  const { textfile } = config.notify
  if (textfile === undefined) return
  const path = resolve(folder, textfile)
  try {
    writeFileAtomic.sync(path, await textfileOf(night), { mode: 0o644 })
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    world.log(`notify   ${dirname(path)} can't be written: ${because}`)
  }
}
