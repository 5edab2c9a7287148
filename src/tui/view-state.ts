// What the browser's screen is about at a moment, and how keys move over it: no texts, no files, no clock.

import type { Term } from '../filter/parse.ts'
import { helpLines } from './key-help.ts'
import type { Action } from './keys.ts'
import { type Chip, chips, type Sort, sorts } from './listing.ts'
import { type Tab, tabs } from './pane/pane.ts'
import type { Prompt } from './prompt.ts'
import type { Tone } from './spans.ts'

export interface ViewState {
  readonly columns: number
  readonly rows: number
  readonly mode: 'pairs' | 'clusters'
  readonly chip: Chip
  readonly sort: Sort
  /** As it was typed; its terms are those of the last text that had no mistake. */
  readonly filter: string
  readonly terms: readonly Term[]
  readonly focus: 'list' | 'pane'
  readonly tab: Tab
  /** null: as the room allows. */
  readonly isSideBySide: boolean | null
  /** Places in the lists, and the first place that is on the screen. */
  readonly at: Readonly<Record<'pairs' | 'clusters', Place>>
  /** Lines of the right pane that are above the screen. */
  readonly scroll: number
  readonly prompt: Prompt | null
  readonly message: { readonly text: string; readonly tone: Tone } | null
  /** Lines of the help that are above the screen; null while it is not shown. */
  readonly helpTop: number | null
  /** Why the next decision will be made. */
  readonly reason: string | null
}

export interface Place {
  readonly cursor: number
  readonly top: number
}

const start: Place = { cursor: 0, top: 0 }

export const firstState: ViewState = {
  columns: 80,
  rows: 24,
  mode: 'pairs',
  chip: 'all',
  sort: 'worst',
  filter: '',
  terms: [],
  focus: 'list',
  tab: 'diff',
  isSideBySide: null,
  at: { pairs: start, clusters: start },
  scroll: 0,
  prompt: null,
  message: null,
  helpTop: null,
  reason: null,
}

/** Smaller than this nothing can be read. */
export const [leastColumns, leastRows] = [80, 24]

export function isLargeEnough({ columns, rows }: Pick<ViewState, 'columns' | 'rows'>): boolean {
  return columns >= leastColumns && rows >= leastRows
}

/** Header, line of the filter, tabs, message and footer take the rest. */
export function bodyRows({ rows }: Pick<ViewState, 'rows'>): number {
  return Math.max(1, rows - 5)
}

/** The tabs stand above it. */
export function paneRows(state: Pick<ViewState, 'rows'>): number {
  return Math.max(1, bodyRows(state) - 1)
}

export function listColumns({ columns }: Pick<ViewState, 'columns'>): number {
  return Math.min(56, Math.floor(columns * 0.42))
}

/** A line stands between both. */
export function paneColumns(state: Pick<ViewState, 'columns'>): number {
  return state.columns - listColumns(state) - 3
}

/** Narrower columns than this are worse than one text in the other. */
const wide = 100

export function isSideBySide(state: Pick<ViewState, 'columns' | 'isSideBySide'>): boolean {
  return state.isSideBySide ?? paneColumns(state) >= wide
}

/** What a move has to know of what is listed and shown. */
export interface Scene {
  readonly pairs: number
  readonly clusters: number
  /** Lines of the right pane. */
  readonly lines: number
}

type Move = (state: ViewState, scene: Scene) => ViewState

const pageOf = (state: ViewState) => Math.max(1, Math.floor(bodyRows(state) / 2))
const by =
  (steps: number): Move =>
  (state, scene) =>
    stepped(state, steps, scene)
const tabAt =
  (place: number): Move =>
  (state) =>
    tabbed(state, place)

const moves: Partial<Record<Action, Move>> = {
  down: by(1),
  up: by(-1),
  first: by(-Infinity),
  last: by(Infinity),
  'page-down': (state, scene) => stepped(state, pageOf(state), scene),
  'page-up': (state, scene) => stepped(state, -pageOf(state), scene),
  'scroll-down': (state, scene) => scrolled(state, 3, scene),
  'scroll-up': (state, scene) => scrolled(state, -3, scene),
  focus: (state) => ({ ...state, focus: state.focus === 'list' ? 'pane' : 'list' }),
  'focus-list': (state) => ({ ...state, focus: 'list' }),
  'focus-pane': (state) => ({ ...state, focus: 'pane' }),
  clusters: (state) => ({ ...state, mode: state.mode === 'pairs' ? 'clusters' : 'pairs', focus: 'list', scroll: 0 }),
  'next-tab': (state) => tabbed(state, (tabs.indexOf(state.tab) + 1) % tabs.length),
  'previous-tab': (state) => tabbed(state, (tabs.indexOf(state.tab) + tabs.length - 1) % tabs.length),
  'tab-1': tabAt(0),
  'tab-2': tabAt(1),
  'tab-3': tabAt(2),
  'tab-4': tabAt(3),
  'tab-5': tabAt(4),
  'side-by-side': (state) => ({ ...state, isSideBySide: !isSideBySide(state), scroll: 0 }),
  chip: (state) => ({ ...state, chip: next(chips, state.chip), at: { pairs: start, clusters: start }, scroll: 0 }),
  sort: (state) => ({ ...state, sort: next(sorts, state.sort), at: { ...state.at, pairs: start }, scroll: 0 }),
  help: (state) => ({ ...state, helpTop: 0 }),
}

/** After a key that only moves; null for one that does more. */
export function moved(state: ViewState, action: Action, scene: Scene): ViewState | null {
  return moves[action]?.(state, scene) ?? null
}

function next<T>(all: readonly T[], current: T): T {
  return all[(all.indexOf(current) + 1) % all.length] ?? current
}

function tabbed(state: ViewState, place: number): ViewState {
  return { ...state, tab: tabs[place] ?? state.tab, scroll: 0 }
}

function stepped(state: ViewState, steps: number, scene: Scene): ViewState {
  return state.focus === 'pane'
    ? scrolled(state, steps, scene)
    : movedTo(state, state.at[state.mode].cursor + steps, scene)
}

/** With the cursor at a place of the list, or as near to it as there is one, and on the screen. */
export function movedTo(state: ViewState, cursor: number, scene: Scene): ViewState {
  const place = placeAt(state.at[state.mode], cursor, scene[state.mode], bodyRows(state))
  const isSame = place.cursor === state.at[state.mode].cursor
  return { ...state, at: { ...state.at, [state.mode]: place }, scroll: isSame ? state.scroll : 0 }
}

function placeAt({ top }: Place, wanted: number, length: number, room: number): Place {
  const cursor = Math.max(0, Math.min(length - 1, wanted))
  const lowest = Math.max(0, Math.min(top, length - room))
  return { cursor, top: Math.max(cursor - room + 1, Math.min(lowest, cursor)) }
}

function scrolled(state: ViewState, steps: number, { lines }: Scene): ViewState {
  const most = Math.max(0, lines - paneRows(state))
  return { ...state, scroll: Math.max(0, Math.min(most, state.scroll + steps)) }
}

/** The help moves by the same keys; every other closes it. */
export function helped(state: ViewState, action: Action): ViewState {
  const top = state.helpTop ?? 0
  const page = state.rows - 2
  const steps: Partial<Record<Action, number>> = {
    down: 1,
    up: -1,
    'page-down': page,
    'page-up': -page,
    first: -Infinity,
    last: Infinity,
  }
  const wanted = steps[action]
  if (wanted === undefined) return { ...state, helpTop: null }
  const most = Math.max(0, helpLines(state.columns).length - state.rows + 1)
  return { ...state, helpTop: Math.max(0, Math.min(most, top + wanted)) }
}

/** After the lists, the room or the texts have changed: nothing points beyond an end. */
export function settled(state: ViewState, scene: Scene): ViewState {
  const room = bodyRows(state)
  const { pairs, clusters } = state.at
  const at = {
    pairs: placeAt(pairs, pairs.cursor, scene.pairs, room),
    clusters: placeAt(clusters, clusters.cursor, scene.clusters, room),
  }
  return { ...state, at }
}

/** Of another filter the list begins anew. */
export function filtered(state: ViewState, filter: string, terms: readonly Term[]): ViewState {
  return { ...state, filter, terms, at: { pairs: start, clusters: start }, scroll: 0 }
}
