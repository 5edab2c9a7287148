// `shadowgate notify`: tries whether those who are to be told of a night can be, before a night has to.

import { accessSync, constants } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { exitStatus, Fault, thrownMessage } from '../core/fault.ts'
import { swapWords } from '../core/model-name.ts'
import type { News } from '../notify/news.ts'
import { noPast } from '../notify/past.ts'
import type { Delivery } from '../notify/post.ts'
import type { Command } from './command.ts'
import { receiversOf, sendMetrics } from './notify/receivers.ts'
import { openSession, type Session } from './session/session.ts'

export const notify = {
  examples: ['shadowgate notify', 'shadowgate notify --json'],
  settings: ['notify'],
  flags: [],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    const tried = await tryAll(session)
    if (tried.length === 0) {
      throw new Fault('BAD_CONFIG', 'the config names nobody to tell', {
        place: `${session.file} notify`,
        hint: 'notify: { webhooks: [{ urlFrom: { env: SLACK_WEBHOOK }, format: slack }] }',
      })
    }
    world.stdout(invocation.isJson ? JSON.stringify({ receivers: tried }) : wordsOf(tried))
    for (const { name, on } of receiversOf(session)) {
      if (on === 'never') session.say(`notify   ${name} is told of no night: \`on\` is never`)
    }
    const isWell = tried.every(({ isDelivered, isOptional }) => isDelivered || isOptional)
    return isWell ? 0 : exitStatus.unavailable
  },
} satisfies Command

type Tried = { readonly name: string; readonly isOptional: boolean } & Delivery

async function tryAll(session: Session): Promise<readonly Tried[]> {
  const news = testNews(session)
  const told = receiversOf(session).map(async ({ name, isOptional, tell }) => ({
    name,
    isOptional,
    ...(await tell(news)),
  }))
  const file = textfileDelivery(session)
  // A metric of its own: nobody's graph of nights shall show that somebody tried.
  const sending = sendMetrics(session, [
    {
      name: 'shadowgate.notify.test',
      unit: '',
      help: 'Somebody tried whether metrics arrive',
      points: [{ value: 1, attributes: {} }],
    },
  ])
  const tried: Tried[] = await Promise.all(told)
  if (file !== null) tried.push({ name: 'notify.textfile', isOptional: false, ...file })
  const sent = await sending
  return sent === null ? tried : [...tried, { name: sent.from, isOptional: false, ...sent.delivery }]
}

/** As of a night that failed: what acts on a GO must not act on a test. */
function testNews({ config, targets, world }: Session): News {
  const at = new Date(world.clock.now()).toISOString()
  return {
    night: {
      kind: 'failed',
      startedAt: at,
      finishedAt: at,
      status: exitStatus.unavailable,
      swap: swapWords(targets),
      before: null,
      runId: null,
      code: 'TEST',
      because: 'Somebody called shadowgate notify to see whether this arrives.',
      next: 'Nothing is to be done.',
    },
    past: noPast,
    reportUrl: config.notify.reportUrl?.replaceAll('{run}', 'test') ?? null,
    isTest: true,
  }
}

/** The file stays as it is: it holds the numbers of the last night. */
function textfileDelivery({ config, folder }: Session): Delivery | null {
  if (config.notify.textfile === undefined) return null
  const place = dirname(resolve(folder, config.notify.textfile))
  try {
    accessSync(place, constants.W_OK)
    return { isDelivered: true, answer: `${place} can be written` }
  } catch (error) {
    return { isDelivered: false, because: thrownMessage(error) }
  }
}

function wordsOf(tried: readonly Tried[]): string {
  const width = Math.max(...tried.map(({ name }) => name.length))
  return tried
    .map((each) => {
      const came = each.isDelivered ? `✓ ${each.answer}` : `✗ ${each.because}${each.isOptional ? ' (optional)' : ''}`
      return `${each.name.padEnd(width)}  ${came}`
    })
    .join('\n')
}
