// Who is told of a night: addresses that are addresses, a command that is there. Nobody is told anything now.

import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { collectorOf } from '../../notify/collector.ts'
import { counted } from '../../report/format.ts'
import { type Webhook, webhookAddress } from '../notify/webhook-address.ts'
import type { Session } from '../session/session.ts'
import { type Check, doubtful, type Finding, fine } from './check.ts'

/** Nothing here is wrong: a message that fails is never the cause of a failed night. */
export const notify = {
  name: 'notify',
  look: async ({ session }) => {
    const { webhooks, command, textfile, otlp, on } = session.config.notify
    const collector = collectorOf(session.world.env, otlp)
    const told = [
      ...(webhooks.length > 0 ? [counted(webhooks.length, 'webhook')] : []),
      ...(command === undefined ? [] : [`the command ${command[0]}`]),
      ...(textfile === undefined ? [] : ['a textfile']),
      ...(collector === null ? [] : ['a collector of OpenTelemetry’s']),
    ]
    if (on === 'never' || told.length === 0) {
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
      ...(collector !== null && 'because' in collector
        ? [doubtful(`OTLP: ${collector.because}`, 'no metrics are sent until then')]
        : []),
    ]
    return found.length > 0 ? found : [fine(`${told.join(', ')}: well-formed (no message was sent)`)]
  },
} satisfies Check

/** One that is optional may have no address. */
function webhookTrouble(hook: Webhook, place: number, { world }: Session): Finding[] {
  const address = webhookAddress(hook, world.env)
  if ('url' in address || hook.optional) return []
  return [doubtful(`notify.webhooks[${place}]: ${address.because}`, 'export it; shadowgate notify then sends a test')]
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
