// Decisions: what a key decides about, what is said of it, and which pair comes next.

import type { PairRow } from '../core/pair.ts'
import type { ReviewDecision, ReviewSubject } from '../core/review.ts'
import { type ReviewDesk, subjectOfPair } from './desk.ts'
import type { Lists } from './lists.ts'
import type { Words } from './source.ts'
import type { Tone } from './spans.ts'
import type { ViewState } from './view-state.ts'

/** What decisions do to the screen. */
export interface Stage {
  readonly state: () => ViewState
  readonly become: (state: ViewState) => void
  /** With the cursor at a place of the list. */
  readonly goTo: (state: ViewState, place: number) => void
  readonly relist: () => void
  /** Keys wait until the work is done: what a screen says is decided is in the file. */
  readonly hold: (work: () => Promise<void>) => void
  readonly say: (text: string, tone?: Tone) => void
}

export interface Deciding {
  /** About the pair that is looked at, or its cluster; in the list of clusters always about the cluster. */
  readonly decide: (decision: ReviewDecision, about: ReviewSubject['kind']) => void
  readonly undo: () => void
  /** What is written about the pair or cluster that is looked at, or will be. */
  readonly reason: () => string
  readonly comment: (text: string) => void
  readonly nextOpen: (by: 1 | -1) => void
}

const decided: Readonly<Record<ReviewDecision, string>> = {
  accept: 'accepted',
  regression: 'a regression',
  unsure: 'left open',
}

/** What was decided, and from which place of the list on the next is looked for. */
interface Decided {
  readonly row: PairRow
  readonly before: number
  readonly isWhole: boolean
  readonly told: string
}

export function deciding(
  stage: Stage,
  { lists, desk, words }: { readonly lists: Lists; readonly desk: ReviewDesk; readonly words: Words },
): Deciding {
  const { state, say } = stage
  const subject = () => subjectOf(lists.selected(state()), state().mode === 'clusters')
  /** What follows does so where the work was done. */
  const write = <T>(work: () => Promise<T>, follow: (result: T) => void) =>
    stage.hold(async () => {
      const result = await work()
      lists.count()
      stage.relist()
      follow(result)
    })
  const tell = (text: string) => ({ ...state(), message: { text, tone: 'good' as const } })

  /** What a filter has taken off the list has made room for the next. */
  const goOn = ({ row, before, isWhole, told }: Decided) => {
    const { list, clusters } = lists.now()
    const isNext = (place: number) =>
      state().mode === 'clusters'
        ? clusters[place]?.id !== row.cluster
        : list[place] !== row && !(isWhole && list[place]?.cluster === row.cluster)
    const length = state().mode === 'clusters' ? clusters.length : list.length
    let place = before
    while (place < length && !isNext(place)) place += 1
    if (place < length) stage.goTo(tell(told), place)
    else stage.goTo(tell(`${told} · that was the last`), length - 1)
  }
  return {
    decide: (decision, wanted) => {
      const row = lists.selected(state())
      const isWhole = wanted === 'cluster' || state().mode === 'clusters'
      const about = subjectOf(row, isWhole)
      if (row === null) return say('there is nothing to decide about')
      if (about === null)
        return say(isWhole ? 'this pair is in no cluster' : 'this pair did not change in any way that has a name')
      const before = state().at[state().mode].cursor
      const size = lists.now().inClusters.get(row.cluster ?? '')?.listed ?? 0
      const what = isWhole ? `the cluster, ${words.count(size)} ${size === 1 ? 'pair' : 'pairs'} listed` : 'the pair'
      write(
        () => desk.decide([about], decision, state().reason),
        () => {
          stage.become({ ...state(), reason: null })
          goOn({ row, before, isWhole, told: `${what}: ${decided[decision]} · z takes it back` })
        },
      )
    },
    undo: () =>
      write(desk.undo, (about) => {
        if (about.length === 0) return say('nothing was decided in this sitting')
        const isAbout = (id: string | null, recordId?: string) =>
          about.some((each) => (each.kind === 'pair' ? each.recordId === recordId : each.id === id))
        const { list, clusters } = lists.now()
        const place =
          state().mode === 'pairs'
            ? list.findIndex((row) => isAbout(row.cluster, row.recordId))
            : clusters.findIndex(({ id }) => isAbout(id))
        stage.goTo(tell('taken back'), place === -1 ? state().at[state().mode].cursor : place)
      }),
    reason: () => {
      const about = subject()
      return (about && desk.reviewOf(about)?.reason) ?? state().reason ?? ''
    },
    comment: (text) => {
      const reason = text.trim() === '' ? null : text.trim()
      const about = subject()
      const known = about && desk.reviewOf(about)
      stage.become({ ...state(), prompt: null })
      if (about === null || known === null) {
        stage.become({ ...state(), reason })
        return say(reason === null ? 'no reason' : 'the next a, r or u is decided for this reason', 'good')
      }
      write(
        () => desk.decide([about], known.decision, reason),
        () => say('the reason is written · z takes it back', 'good'),
      )
    },
    nextOpen: (by) => {
      const { list, clusters, inClusters } = lists.now()
      const { mode, at } = state()
      const isOpen = (place: number): boolean => {
        if (mode === 'clusters') return (inClusters.get(clusters[place]?.id ?? '')?.open ?? 0) > 0
        const row = list[place]
        return row?.standing === 'regressed' && desk.stateOf(row) === 'unreviewed'
      }
      const length = mode === 'pairs' ? list.length : clusters.length
      for (let place = at[mode].cursor + by; place >= 0 && place < length; place += by)
        if (isOpen(place)) return stage.goTo({ ...state(), focus: 'list' }, place)
      const where = by === 1 ? 'below' : 'above'
      say(`${mode === 'pairs' ? 'no regression' : 'no cluster'} ${where} that waits for a decision`)
    },
  }
}

function subjectOf(row: PairRow | null, isWhole: boolean): ReviewSubject | null {
  if (row === null || !isWhole) return row && subjectOfPair(row)
  return row.cluster === null ? null : { kind: 'cluster', id: row.cluster }
}
