// `shadowgate judge`: asks the config's judge about the pairs of a run, in both orders, once.

import { Fault } from '../core/fault.ts'
import { isDrawnForJudge, type JudgedPair } from '../core/judged.ts'
import type { JudgePolicy } from '../core/judgement.ts'
import { type Arm, arms, type Outcome, type Pair, type RequestRecord } from '../core/types.ts'
import { providerNamed, providerServedBy } from '../providers/index.ts'
import { createAsker } from '../replay/ask.ts'
import { cleaned } from '../replay/clean.ts'
import { preferenceIn, questionOf } from '../score/judge/question.ts'
import { isSameAnswer } from '../score/judge/same-answer.ts'
import { pairsOf } from '../score/pairs.ts'
import { givenText, replyOf } from '../score/reply.ts'
import type { JudgeAnswer } from '../store/judged.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { judgeOrder } from './judge/judge-order.ts'
import { answerCleaner } from './replay/clean-answers.ts'
import { userAgentOf } from './replay/preflight.ts'
import { requireTexts } from './run/removed.ts'
import { requireRun, runFlag } from './run/stored-run.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'

export const judge = {
  examples: ['shadowgate judge', 'shadowgate judge --run 20261123-023000-1f3c'],
  settings: ['store', 'privacy.personalData', 'judge'],
  flags: [runFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: true })
    requireStore(session)
    if (session.config.judge === undefined)
      throw new Fault('BAD_CONFIG', 'the config names no judge', {
        place: session.file,
        hint: 'judge: { target: { baseUrl, model }, criteria: "…" }',
      })
    const asked = await withStore(session, async (store) => judgeRun(session, store, await requireRun(session, store)))
    world.stdout(invocation.isJson ? JSON.stringify({ asked }) : `${asked} answers`)
    return 0
  },
} satisfies Command

/** So many calls without an answer, one after the other: the judge is not there, or not any more. */
const patience = 20

/** Asks about what was not asked yet, and says how many answers came. Faults: KEY_REFUSED, TARGET_UNREACHABLE, INTERRUPTED. */
export async function judgeRun(session: Session, store: Store, { run }: StoredRun): Promise<number> {
  const { config, policy, world } = session
  const order = judgeOrder(session)
  if (order === null || policy.judge === undefined || config.judge === undefined) return 0
  const { fingerprint } = policy.judge
  await requireTexts(session, store, run.id)
  const known = await store.judgedPairs(run.id, fingerprint)
  const asker = createAsker({
    order,
    provider: providerServedBy(order.target.api, order.target.vendor),
    retry: { retries: order.target.retries, rounds: config.replay.rounds, maxWaitMs: config.replay.maxWaitMs },
    keepFree: config.replay.keepFree,
    seed: run.seed,
    userAgent: userAgentOf(session),
    clock: world.clock,
    drain: world.drain,
  })
  const clean = answerCleaner(session, store)
  const told = { asked: 0, failed: 0, unansweredInARow: 0 }
  const { share = 1 } = policy.judge
  const isDrawn = ({ recordId }: Pair) => isDrawnForJudge(recordId, run.seed, share)
  const first = run.stopped?.records ?? null
  const text = () => `judge    ${told.asked} answers${told.failed > 0 ? ` · ${told.failed} that say nothing` : ''}`
  const askAbout = async (each: Question) => {
    const outcome = cleaned(await asker.ask(each.id, each.question), clean)
    if (outcome.kind === 'cancelled') return
    const answer = answerOf(each, outcome, fingerprint)
    told.asked += 1
    if (answer.preferred === null) told.failed += 1
    told.unansweredInARow = outcome.kind === 'reply' ? 0 : told.unansweredInARow + 1
    const fault = faultIn(outcome, told, session)
    // Nothing more is asked, and paid for: not even while this answer is written down.
    if (fault !== null) void asker.close()
    // It is paid for: whatever happens next, it is kept. What was measured without it is measured anew.
    if (told.asked === 1) await store.forgetMeasures(run.id)
    await store.saveJudgeAnswer(run.id, answer)
    if (fault !== null) throw fault
  }
  try {
    await session.progress.during(text, async () => {
      for await (const page of store.attemptsOf(run.id, first === null ? null : { first })) {
        const pairs = page
          .flatMap(({ attempts }) => pairsOf(attempts, { isOpenLoop: run.replay.pace === 'open' }))
          .filter((pair) => pair.comparison === 'candidate' && isDrawn(pair))
        const records = await store.recordsOf(
          run.id,
          pairs.map(({ ordinal }) => ordinal),
        )
        const questions = pairs.flatMap((pair) => questionsAbout(pair, records.get(pair.ordinal), known, policy.judge))
        // All of them come to their end, whatever one says: nobody writes into a store that is closed.
        const ended = await Promise.allSettled(
          questions.map((each) =>
            askAbout(each).catch((error: unknown) => {
              void asker.close()
              throw error
            }),
          ),
        )
        for (const each of ended) if (each.status === 'rejected') throw each.reason
        if (world.drain.aborted) throw new Fault('INTERRUPTED', 'interrupted while the judge was asked')
      }
    })
  } finally {
    await asker.close()
  }
  return told.asked
}

interface Question {
  readonly id: string
  readonly ordinal: number
  readonly order: readonly [Arm, Arm]
  readonly question: string
}

/** In the orders of which nothing is known yet. Equal answers are a tie without a question. */
function questionsAbout(
  { recordId, ordinal, production, candidate }: Pair,
  record: RequestRecord | undefined,
  known: ReadonlyMap<number, JudgedPair>,
  policy: JudgePolicy | undefined,
): Question[] {
  const replies = { production: replyOf(production), candidate: replyOf(candidate) }
  if (record === undefined || policy === undefined || replies.production === null || replies.candidate === null)
    return []
  if (isSameAnswer(replies.production, replies.candidate)) return []
  const texts = { production: givenText(replies.production), candidate: givenText(replies.candidate) }
  const prompt = providerNamed(record.api).prompt(record.body)
  return arms
    .filter((shownFirst) => (known.get(ordinal)?.[shownFirst] ?? null) === null)
    .map((shownFirst) => {
      const order = [shownFirst, shownFirst === 'production' ? 'candidate' : 'production'] as const
      const answers = [texts[order[0]], texts[order[1]]] as const
      return { id: `${recordId} ${shownFirst}`, ordinal, order, question: questionOf({ ...policy, prompt, answers }) }
    })
}

/** Its opening says enough. */
const mostKept = 300

function answerOf({ ordinal, order }: Question, outcome: Outcome, fingerprint: string): JudgeAnswer {
  const head = { ordinal, judge: fingerprint, shownFirst: order[0] }
  if (outcome.kind !== 'reply') {
    const answer = 'detail' in outcome ? `${outcome.kind}: ${outcome.detail}` : outcome.kind
    return { ...head, preferred: null, answer: answer.slice(0, mostKept), inputTokens: null, outputTokens: null }
  }
  const { text, usage } = outcome.reply
  const tokens = { inputTokens: usage?.input ?? null, outputTokens: usage?.output ?? null }
  return { ...head, preferred: preferenceIn(text, order), answer: text.slice(0, mostKept), ...tokens }
}

/** Why there is no use in asking on; null where there is. */
function faultIn(
  outcome: Outcome,
  { unansweredInARow }: { readonly unansweredInARow: number },
  { config }: Session,
): Fault | null {
  if (outcome.kind === 'reply') return null
  const place = `judge.target ${config.judge?.target.baseUrl ?? ''}`
  const detail = 'detail' in outcome ? outcome.detail : outcome.kind
  if (outcome.kind === 'rejected' && (outcome.status === 401 || outcome.status === 403)) {
    return new Fault('KEY_REFUSED', `the judge refuses its key (HTTP ${outcome.status}): ${detail}`, { place })
  }
  if (unansweredInARow < patience) return null
  return new Fault('TARGET_UNREACHABLE', `the judge gives no answers: ${detail}`, { place })
}
