// Every key of the browser: the one table that the footer, the help and the keyboard go by.

export interface KeyHelp {
  /** Names as `pressed` gives them; the first is the one that is shown. */
  readonly keys: readonly string[]
  readonly action: Action
  readonly help: string
  /** A word for the footer; without one it stands in the help alone. */
  readonly short?: string
}

export type Action =
  | 'down'
  | 'up'
  | 'first'
  | 'last'
  | 'page-down'
  | 'page-up'
  | 'scroll-down'
  | 'scroll-up'
  | 'next-open'
  | 'previous-open'
  | 'focus'
  | 'focus-list'
  | 'focus-pane'
  | 'enter'
  | 'clusters'
  | 'next-tab'
  | 'previous-tab'
  | 'tab-1'
  | 'tab-2'
  | 'tab-3'
  | 'tab-4'
  | 'tab-5'
  | 'side-by-side'
  | 'filter'
  | 'chip'
  | 'sort'
  | 'accept'
  | 'regression'
  | 'unsure'
  | 'skip'
  | 'comment'
  | 'accept-cluster'
  | 'regression-cluster'
  | 'unsure-cluster'
  | 'undo'
  | 'pager'
  | 'editor'
  | 'copy'
  | 'help'
  | 'back'
  | 'quit'

export const keyGroups = [
  {
    title: 'Review',
    keys: [
      { keys: ['a'], action: 'accept', help: 'accept this change, and go on', short: 'accept' },
      { keys: ['r'], action: 'regression', help: 'call it a regression, and go on', short: 'regression' },
      { keys: ['u'], action: 'unsure', help: 'leave it open, and go on', short: 'unsure' },
      { keys: ['s'], action: 'skip', help: 'go on without a word', short: 'skip' },
      { keys: ['c'], action: 'comment', help: 'write why: the reason of this decision, or of the next', short: 'why' },
      { keys: ['A'], action: 'accept-cluster', help: 'accept the whole cluster' },
      { keys: ['R'], action: 'regression-cluster', help: 'call the whole cluster a regression' },
      { keys: ['U'], action: 'unsure-cluster', help: 'leave the whole cluster open' },
      { keys: ['z'], action: 'undo', help: 'take back the last decision', short: 'undo' },
    ],
  },
  {
    title: 'Move',
    keys: [
      { keys: ['j', 'down'], action: 'down', help: 'down; in the right pane it scrolls' },
      { keys: ['k', 'up'], action: 'up', help: 'up' },
      { keys: ['g', 'home', '<'], action: 'first', help: 'to the first' },
      { keys: ['G', 'end', '>'], action: 'last', help: 'to the last' },
      { keys: ['ctrl+d', 'pagedown', '.'], action: 'page-down', help: 'a page down' },
      { keys: ['ctrl+u', 'pageup', ','], action: 'page-up', help: 'a page up' },
      { keys: ['J'], action: 'scroll-down', help: 'scroll the right pane down, whatever has the focus' },
      { keys: ['K'], action: 'scroll-up', help: 'scroll it up' },
      { keys: ['n'], action: 'next-open', help: 'to the next regression that nobody has decided about', short: 'next' },
      { keys: ['N'], action: 'previous-open', help: 'to the one before' },
      { keys: ['tab'], action: 'focus', help: 'to the other pane' },
      { keys: ['h', 'left'], action: 'focus-list', help: 'to the list' },
      { keys: ['l', 'right'], action: 'focus-pane', help: 'to the right pane' },
      { keys: ['enter'], action: 'enter', help: 'read the pair; of a cluster, list its pairs' },
    ],
  },
  {
    title: 'Choose',
    keys: [
      {
        keys: ['/'],
        action: 'filter',
        help: 'filter: regressed similarity<0.5 task=prime -refused text …',
        short: 'filter',
      },
      { keys: ['f'], action: 'chip', help: 'all → regressed → improved → changed → refused → errors → unreviewed' },
      { keys: ['S'], action: 'sort', help: 'order: worst, latency, tokens, similarity, segment, time of capture' },
      { keys: ['t'], action: 'clusters', help: 'pairs, or clusters of pairs that changed alike', short: 'clusters' },
    ],
  },
  {
    title: 'Read',
    keys: [
      { keys: ['1'], action: 'tab-1', help: 'what differs' },
      { keys: ['2'], action: 'tab-2', help: 'the request' },
      { keys: ['3'], action: 'tab-3', help: 'the metrics of the pair, beside its noise' },
      { keys: ['4'], action: 'tab-4', help: "production's second answer, beside its first" },
      { keys: ['5'], action: 'tab-5', help: 'the pair as JSON' },
      { keys: [']'], action: 'next-tab', help: 'the next of these' },
      { keys: ['['], action: 'previous-tab', help: 'the one before' },
      { keys: ['d'], action: 'side-by-side', help: 'the answers side by side, or one in the other' },
      { keys: ['o'], action: 'pager', help: 'read the pair in $PAGER' },
      { keys: ['e'], action: 'editor', help: 'open the pair in $EDITOR; nothing comes back' },
      { keys: ['y'], action: 'copy', help: "copy the record's id" },
    ],
  },
  {
    title: 'Leave',
    keys: [
      { keys: ['?'], action: 'help', help: 'these keys', short: 'keys' },
      { keys: ['escape'], action: 'back', help: 'back: out of a search, the help, the pane, the filter' },
      { keys: ['q', 'ctrl+c'], action: 'quit', help: 'quit: whatever was decided is written already', short: 'quit' },
    ],
  },
] as const satisfies readonly { readonly title: string; readonly keys: readonly KeyHelp[] }[]

const all: readonly KeyHelp[] = keyGroups.flatMap(({ keys }): readonly KeyHelp[] => keys)
const actions = new Map(all.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)))

/** null for a key that means nothing. */
export function actionOf(key: string): Action | null {
  return actions.get(key) ?? null
}

/** The keys of the footer, in the order of the table. */
export const shortHelp: readonly { readonly key: string; readonly word: string }[] = all.flatMap(({ keys, short }) =>
  short === undefined ? [] : [{ key: keys[0] ?? '', word: short }],
)

/** As people write a key's name. */
export function keyName(key: string): string {
  return names[key] ?? key.replace('ctrl+', '^')
}

const names: Readonly<Record<string, string>> = {
  down: '↓',
  up: '↑',
  left: '←',
  right: '→',
  pagedown: 'PgDn',
  pageup: 'PgUp',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
}
