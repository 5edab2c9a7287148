// `shadowgate review`: what people decide about the changes of a run, written into the file that the gate heeds.

import { Fault } from '../core/fault.ts'
import type { ReviewDecision } from '../core/review.ts'
import { minute } from '../report/format.ts'
import type { Store } from '../store/store.ts'
import type { Command, Invocation } from './command.ts'
import { choose, meeting } from './review/choose.ts'
import { expiryOf } from './review/expiry.ts'
import { listJson, listText } from './review/list.ts'
import { afterDeciding, reviewBookOf, reviewerFlag } from './review/reviewer.ts'
import { type Reviewing, reviewing } from './review/reviewing.ts'
import type { Decided } from './review/reviews-file.ts'
import { requireRun, runFlag } from './run/stored-run.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'

const decisions = { accept: 'accept', regression: 'regression', unsure: 'unsure' } as const satisfies Record<
  string,
  ReviewDecision
>
const actions = ['list', 'accept', 'regression', 'unsure', 'undo'] as const
type Action = (typeof actions)[number]

export const review = {
  examples: [
    'shadowgate review --list --where "task=prime -same"',
    'shadowgate review --accept 3f2a8c 9b01d4 --reason "the new prompt asks for one word"',
    'shadowgate review --regression 77e0c1 --reason "the refunds are gone" --expires 30d',
    'shadowgate review --unsure --where "refused similarity<0.3"',
    'shadowgate review --undo',
  ],
  settings: ['store', 'reviews', 'gate.segments'],
  flags: [
    { flag: '--list', description: 'Show clusters of changes, and pairs, with what was decided; the default' },
    { flag: '--accept [id...]', description: 'As good as before: counts as unchanged in what its kind excuses' },
    { flag: '--regression [id...]', description: 'The candidate must not do that: NO-GO as long as it does' },
    { flag: '--unsure [id...]', description: 'Looked at and left open: changes nothing, and is shown' },
    { flag: '--where <filter>', description: 'The changed pairs that meet a filter, in place of ids' },
    { flag: '--reason <text>', description: 'Why; it is shown with the verdict' },
    { flag: '--expires <when>', description: 'A date (2027-01-31), or in so many days (30d): it then counts no more' },
    { flag: '--undo', description: 'Take back what you decided last' },
    reviewerFlag,
    runFlag,
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false, judges: true })
    const action = actionOf(invocation)
    requireStore(session)
    const { lines, json } = await withStore(session, async (store) => {
      const stored = await requireRun(session, store)
      if (action === 'undo') return undone(session, stored)
      const about = await reviewing(session, store, stored)
      if (action === 'list') return listed(session, store, about)
      return decided(session, store, about, action)
    })
    world.stdout(invocation.isJson ? JSON.stringify(json) : lines.join('\n'))
    if (action !== 'list') session.say(afterDeciding)
    return 0
  },
} satisfies Command

interface Answer {
  readonly lines: readonly string[]
  readonly json: object
}

/** Fault: USAGE where it is not one of them, or a flag has nothing to say beside it. */
function actionOf({ own }: Invocation): Action {
  const given = actions.filter((each) => own[each] !== undefined)
  const [action = 'list', other] = given
  if (other !== undefined) throw new Fault('USAGE', 'one thing at a time', { place: `--${action} --${other}` })
  const isDecision = action !== 'list' && action !== 'undo'
  const idle = ['reason', 'expires'].find((each) => own[each] !== undefined)
  if (idle !== undefined && !isDecision) {
    const hint = 'it goes with --accept, --regression or --unsure'
    throw new Fault('USAGE', `nothing is decided that it could go with`, { place: `--${idle}`, hint })
  }
  if (own['where'] !== undefined && action === 'undo')
    throw new Fault('USAGE', 'what was decided last is taken back, whatever it was', { place: '--where' })
  return action
}

async function undone(session: Session, { run }: Reviewing['stored']): Promise<Answer> {
  const taken = await reviewBookOf(session, run).undo()
  const lines = taken.map(({ decision, words, at }) => `taken back: ${decision} ${words} (${minute(at)})`)
  return { lines: lines.length === 0 ? ['there is nothing of yours to take back'] : lines, json: { undone: taken } }
}

async function listed(session: Session, store: Store, about: Reviewing): Promise<Answer> {
  const where = textOf(session.invocation, 'where')
  const rows = where === null ? about.changed : await meeting(where, about, store)
  return { lines: listText(about, rows, where !== null), json: listJson(about, rows) }
}

async function decided(
  session: Session,
  store: Store,
  about: Reviewing,
  action: keyof typeof decisions,
): Promise<Answer> {
  const { invocation, world } = session
  const subjects = await choose(invocation.own[action], textOf(invocation, 'where'), about, store, `--${action}`)
  const reason = textOf(invocation, 'reason')
  const expires = expiryOf(textOf(invocation, 'expires'), world.clock.now())
  const own = subjects.map((each): Decided => ({ ...each, decision: decisions[action], reason, expires }))
  const written = await reviewBookOf(session, about.stored.run).decide(own)
  const lines = written.map(({ decision, words, reviewer }) => `${decision}  ${words}, by ${reviewer}`)
  return { lines, json: { reviews: written } }
}

function textOf({ own }: Invocation, flag: string): string | null {
  const text = own[flag]
  return typeof text === 'string' ? text : null
}
