// Keys of the explorer: one letter each, and never one that somebody is typing.

export const keyHelp = [
  ['j, ↓', 'next pair'],
  ['k, ↑', 'previous pair'],
  ['g, G', 'first pair, last pair'],
  ['n, N', 'next and previous pair that regressed or that nobody has reviewed'],
  ['/', 'filter'],
  ['d', 'one text, or side by side'],
  ['Esc', 'back to the list'],
  ['?', 'this help'],
] as const

export type KeyAct =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'nextOpen'
  | 'previousOpen'
  | 'search'
  | 'view'
  | 'list'
  | 'help'

const acts: Readonly<Record<string, KeyAct>> = {
  j: 'next',
  k: 'previous',
  g: 'first',
  G: 'last',
  n: 'nextOpen',
  N: 'previousOpen',
  '/': 'search',
  d: 'view',
  Escape: 'list',
  '?': 'help',
}
/** In the list alone: elsewhere they scroll. */
const listActs: Readonly<Record<string, KeyAct>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
}

/** What a key asks for; null where it is somebody else's. */
export function actOf(event: KeyboardEvent, root: HTMLElement): KeyAct | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return null
  const { target } = event
  if (!(target instanceof HTMLElement)) return null
  // Keys typed elsewhere in the page are not ours either.
  if (!root.contains(target) && target !== document.body) return null
  if (target.closest('dialog')) return null
  if (target.closest('input, textarea, select, [contenteditable]')) return event.key === 'Escape' ? 'list' : null
  if (target.closest('[role="listbox"]')) {
    const act = listActs[event.key]
    if (act) return act
  }
  return acts[event.key] ?? null
}
