// Who is told of a night: addresses that are addresses, a command that is there. Nobody is told anything now.

import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import type { Session } from '../session.ts'
import { type Check, doubtful, type Finding, fine } from './check.ts'

/** Nothing here is wrong: a message that fails is never the cause of a failed night. */
export const notify = {
  name: 'notify',
  look: async ({ session }) => {
    const { webhooks, command, textfile, on } = session.config.notify
    const isNobody = on === 'never' || (webhooks.length === 0 && command === undefined && textfile === undefined)
    if (isNobody) {
      return [
        doubtful(
          'nobody is told of a night',
          'notify: { webhooks: [{ urlFrom: { env: SLACK_WEBHOOK }, format: slack }] }, a command or a textfile',
        ),
      ]
    }
    const found = [
      ...webhooks.flatMap((webhook, place) => webhookTrouble(webhook, place, session)),
      ...(command === undefined ? [] : commandTrouble(command, session)),
      ...(textfile === undefined ? [] : textfileTrouble(resolve(session.folder, textfile))),
    ]
    const told = [
      ...(webhooks.length > 0 ? [`${webhooks.length} ${webhooks.length === 1 ? 'webhook' : 'webhooks'}`] : []),
      ...(command === undefined ? [] : [`the command ${command[0]}`]),
      ...(textfile === undefined ? [] : ['a textfile']),
    ]
    return found.length > 0 ? found : [fine(`${told.join(', ')}: well-formed (no message was sent)`)]
  },
} satisfies Check

type Webhook = Session['config']['notify']['webhooks'][number]

function webhookTrouble({ url, urlFrom }: Webhook, place: number, { world }: Session): Finding[] {
  const address = url ?? (urlFrom && world.env[urlFrom.env])
  const name = `notify.webhooks[${place}]`
  if (!address) return [doubtful(`${name}: the variable ${urlFrom?.env} is not set`, `export ${urlFrom?.env}`)]
  if (/^https?:/.test(address) && URL.canParse(address)) return []
  return [doubtful(`${name}: ${urlFrom?.env} holds no address`, 'an address begins with https://')]
}

function commandTrouble([program = '']: readonly string[], { world, folder }: Session): Finding[] {
  const places = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(folder, program)]
    : (world.env['PATH'] ?? '').split(delimiter).map((each) => join(each, program))
  if (places.some(isExecutable)) return []
  return [
    doubtful(
      `notify.command: there is no program ${program}`,
      'name it with its whole path: a scheduler has another PATH than you',
    ),
  ]
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function textfileTrouble(path: string): Finding[] {
  const folder = dirname(path)
  if (existsSync(folder)) return []
  return [doubtful(`notify.textfile: there is no folder ${folder}`, 'make it: it is the one that node_exporter reads')]
}
