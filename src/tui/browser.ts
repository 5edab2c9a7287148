// The browser: keys in, frames out. It knows pairs, decisions and texts, and neither a terminal nor a clock.

import { Fault, thrownMessage } from '../core/fault.ts'
import { parseFilter } from '../filter/parse.ts'
import { deciding } from './deciding.ts'
import type { ReviewDesk } from './desk.ts'
import { createDetails } from './details.ts'
import { type Frame, framing } from './frame.ts'
import { type Action, actionOf } from './keys.ts'
import { createLists } from './lists.ts'
import { pairText } from './pane/pane.ts'
import { edited, inserted, type Prompt, promptOf, written } from './prompt.ts'
import type { PairSource } from './source.ts'
import type { Tone } from './spans.ts'
import { filtered, firstState, helped, isLargeEnough, moved, movedTo, settled, type ViewState } from './view-state.ts'

/** What the browser asks of the world around it. */
export interface Outside {
  /** Resolves to what went wrong, or null. */
  readonly open: (program: 'pager' | 'editor', text: string) => Promise<string | null>
  readonly copy: (text: string) => void
  readonly quit: () => void
}

export interface BrowserOptions {
  readonly source: PairSource
  readonly desk: ReviewDesk
  readonly outside: Outside
  readonly hasColour: boolean
  /** A filter to begin with. */
  readonly where?: string
}

export interface Browser {
  readonly press: (key: string) => void
  /** A paste is text, and never keys: it can decide nothing. */
  readonly paste: (text: string) => void
  readonly resize: (columns: number, rows: number) => void
  /** The same object until something has changed. */
  readonly frame: () => Frame
  readonly subscribe: (listener: () => void) => () => void
}

/** So many pairs below the one that is looked at are read ahead, and so many above. */
const [below, above] = [8, 4]

export function createBrowser({ source, desk, outside, hasColour, where = '' }: BrowserOptions): Browser {
  const listeners = new Set<() => void>()
  let state: ViewState = firstState
  let frame: Frame | null = null

  const changed = () => {
    frame = null
    for (const listener of listeners) listener()
  }
  const say = (text: string, tone: Tone = 'quiet') => {
    state = { ...state, message: { text, tone } }
    changed()
  }
  const onTrouble = (error: unknown) => say(wordsOf(error), 'bad')
  const details = createDetails(source, { onNews: changed, onTrouble })
  const frames = framing({ source, desk, details, hasColour })
  const lists = createLists({
    source,
    desk,
    onTrouble,
    onNews: () => {
      relist()
      look()
      changed()
    },
  })
  const scene = () => {
    const { list, clusters } = lists.now()
    const lines = frames.lines(state, lists.selected(state), lists.cluster(state))
    return { pairs: list.length, clusters: clusters.length, lines }
  }
  const relist = () => {
    lists.make(state)
    state = settled(state, scene())
  }
  /** Asks for the texts around what is looked at. */
  const look = () => {
    const row = lists.selected(state)
    if (row === null) return
    const { list } = lists.now()
    const { cursor } = state.at.pairs
    const near = [...list.slice(cursor + 1, cursor + 1 + below), ...list.slice(Math.max(0, cursor - above), cursor)]
    details.want(state.mode === 'pairs' ? [row, ...near] : [row])
    if (state.tab === 'metrics') details.wantMetrics(row)
  }
  const become = (next: ViewState) => {
    const isOther = next.chip !== state.chip || next.sort !== state.sort || next.terms !== state.terms
    state = next
    if (isOther) relist()
    look()
    changed()
  }
  const goTo = (next: ViewState, place: number) => become(movedTo(next, place, scene()))
  /** Keys that came while something was written. */
  let waiting: string[] | null = null
  const hold = (work: () => Promise<void>) => {
    const keys: string[] = []
    waiting = keys
    const done = () => {
      waiting = null
      // One of these may hold the others again.
      for (let key = keys.shift(); key !== undefined; key = keys.shift()) press(key)
    }
    work().catch(onTrouble).finally(done).catch(onTrouble)
  }
  const decisions = deciding(
    { state: () => state, become, goTo, relist, hold, say },
    { lists, desk, words: source.words },
  )

  const setFilter = (text: string, mode: ViewState['mode'] = state.mode) => {
    const parsed = parseFilter(text, source.segments)
    if (parsed.kind === 'mistake') return say(parsed.because, 'bad')
    lists.seek(parsed.terms)
    become({ ...filtered(state, text.trim(), parsed.terms), prompt: null, mode, message: null })
  }
  const open = async (program: 'pager' | 'editor') => {
    const row = lists.selected(state)
    const detail = row && details.of(row)
    if (!row || !detail) return say('this pair is still being read')
    if (detail === 'gone') return say(source.textsGone ?? 'the store holds no answers of this pair any more')
    const text = pairText({ row, reasons: source.reasonsOf(row), detail, metrics: null })
    const trouble = await outside.open(program, text).catch(wordsOf)
    if (trouble === null) changed()
    else say(trouble, 'bad')
  }
  const back = () => {
    const { search } = lists.now()
    if (search && !search.isOver()) {
      search.cancel()
      return say('the search was broken off: what it found stays listed')
    }
    if (state.reason !== null) return become({ ...state, reason: null })
    if (state.focus === 'pane') return become({ ...state, focus: 'list' })
    if (state.filter !== '') return setFilter('')
    if (state.chip !== 'all') become({ ...state, chip: 'all' })
  }
  const enter = () => {
    const cluster = lists.cluster(state)
    if (cluster === null) return become({ ...state, focus: 'pane' })
    const id = /^[^\s"]+$/.test(cluster.id) ? cluster.id : `"${cluster.id.replaceAll(/["\\]/g, '\\$&')}"`
    setFilter(`${state.filter} cluster=${id}`, 'pairs')
  }
  const copy = () => {
    const row = lists.selected(state)
    if (row === null) return
    outside.copy(row.recordId)
    say(`copied, where the terminal allows it: ${row.recordId}`, 'good')
  }

  const quit = () => {
    lists.seek([])
    outside.quit()
  }
  const acts: Partial<Record<Action, () => void>> = {
    'next-open': () => decisions.nextOpen(1),
    'previous-open': () => decisions.nextOpen(-1),
    skip: () => goTo(state, state.at[state.mode].cursor + 1),
    accept: () => decisions.decide('accept', 'pair'),
    regression: () => decisions.decide('regression', 'pair'),
    unsure: () => decisions.decide('unsure', 'pair'),
    'accept-cluster': () => decisions.decide('accept', 'cluster'),
    'regression-cluster': () => decisions.decide('regression', 'cluster'),
    'unsure-cluster': () => decisions.decide('unsure', 'cluster'),
    undo: decisions.undo,
    comment: () => become({ ...state, prompt: promptOf('reason', decisions.reason()) }),
    filter: () => become({ ...state, prompt: promptOf('filter', state.filter) }),
    pager: () => void open('pager'),
    editor: () => void open('editor'),
    copy,
    enter,
    back,
    quit,
  }
  const type = (prompt: Prompt, key: string): void => {
    if (key === 'ctrl+c') return quit()
    if (key === 'escape') return become({ ...state, prompt: null, message: null })
    if (key === 'enter')
      return prompt.kind === 'filter' ? setFilter(written(prompt)) : decisions.comment(written(prompt))
    const next = edited(prompt, key)
    if (next !== null) become({ ...state, prompt: next, message: null })
  }

  const press = (key: string): void => {
    if (waiting !== null) return void waiting.push(key)
    // Nothing is decided about what nobody sees.
    if (!isLargeEnough(state)) return actionOf(key) === 'quit' ? quit() : undefined
    if (state.prompt !== null) return type(state.prompt, key)
    const action = actionOf(key)
    if (action === null) return
    if (state.helpTop !== null && action !== 'quit') return become(helped(state, action))
    state = { ...state, message: null }
    const next = moved(state, action, scene())
    if (next === null) acts[action]?.()
    else become(next)
  }

  if (where === '') become(state)
  else setFilter(where)
  relist()
  look()
  return {
    press,
    paste: (text) => {
      if (state.prompt !== null) become({ ...state, prompt: inserted(state.prompt, text) })
    },
    resize: (columns, rows) => {
      if (columns === state.columns && rows === state.rows) return
      state = { ...state, columns, rows, scroll: 0 }
      state = settled(state, scene())
      changed()
    },
    frame: () => {
      frame ??= frames.of({ ...lists.now(), state, row: lists.selected(state), cluster: lists.cluster(state) })
      return frame
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Fault && error.place !== null) return `${error.place}: ${error.message}`
  return thrownMessage(error)
}
