// What came from the keyboard as names of keys, one for each key: fast typing arrives as one chunk.

import { graphemesOf } from './cells.ts'

/** A chunk as Ink tells it: what is left of it as text, and the special key that it was. */
export interface Chunk {
  readonly input: string
  readonly key: Readonly<Partial<Record<SpecialKey | 'ctrl' | 'meta' | 'shift', boolean>>>
}

type SpecialKey =
  | 'upArrow'
  | 'downArrow'
  | 'leftArrow'
  | 'rightArrow'
  | 'pageDown'
  | 'pageUp'
  | 'home'
  | 'end'
  | 'return'
  | 'escape'
  | 'tab'
  | 'backspace'
  | 'delete'

const specials: Readonly<Record<SpecialKey, string>> = {
  upArrow: 'up',
  downArrow: 'down',
  leftArrow: 'left',
  rightArrow: 'right',
  pageDown: 'pagedown',
  pageUp: 'pageup',
  home: 'home',
  end: 'end',
  return: 'enter',
  escape: 'escape',
  tab: 'tab',
  backspace: 'backspace',
  delete: 'delete',
}

/** "j", "G", "ctrl+d", "up"; empty where nothing was pressed that has a name. */
export function keysOf({ input, key }: Chunk): readonly string[] {
  for (const [name, told] of Object.entries(specials) as [SpecialKey, string][]) if (key[name]) return [told]
  // Alt with a letter means nothing here, and must not pass for the letter.
  if (key.meta) return []
  if (key.ctrl) return input === '' ? [] : [`ctrl+${input}`]
  // Ink takes the escape off a sequence that it does not know.
  if (/^\[[\d;?<>=]*[ -/]*[@-~]$/.test(input) || /^O[A-Za-z]$/.test(input)) return []
  return graphemesOf(input).flatMap((each): readonly string[] => {
    const code = each.codePointAt(0) ?? 0
    if (each === '\r' || each === '\n' || each === '\r\n') return ['enter']
    if (each === '\t') return ['tab']
    if (code === 0x7f || code === 8) return ['backspace']
    if (code === 0x1b) return ['escape']
    if (code < 0x20) return [`ctrl+${String.fromCharCode(code + 0x60)}`]
    return [each]
  })
}
