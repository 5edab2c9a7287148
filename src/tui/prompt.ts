// A line that a person writes: a filter, or the reason of a decision.

import { oneLine } from '../core/visible-text.ts'
import { graphemesOf } from './cells.ts'

export interface Prompt {
  readonly kind: 'filter' | 'reason'
  readonly before: string
  readonly after: string
}

export function promptOf(kind: Prompt['kind'], text: string): Prompt {
  return { kind, before: text, after: '' }
}

export function written({ before, after }: Prompt): string {
  return before + after
}

/** What is left of the line after a key; null for a key that no line takes. */
export function edited(prompt: Prompt, key: string): Prompt | null {
  const { before, after } = prompt
  const [left, right] = [graphemesOf(before), graphemesOf(after)]
  switch (key) {
    case 'backspace':
    // A terminal sends either for the key above Enter.
    case 'delete':
      return { ...prompt, before: left.slice(0, -1).join('') }
    case 'left':
    case 'ctrl+b':
      return { ...prompt, before: left.slice(0, -1).join(''), after: (left.at(-1) ?? '') + after }
    case 'right':
    case 'ctrl+f':
      return { ...prompt, before: before + (right[0] ?? ''), after: right.slice(1).join('') }
    case 'home':
    case 'ctrl+a':
      return { ...prompt, before: '', after: before + after }
    case 'end':
    case 'ctrl+e':
      return { ...prompt, before: before + after, after: '' }
    case 'ctrl+u':
      return { ...prompt, before: '' }
    case 'ctrl+k':
      return { ...prompt, after: '' }
    case 'ctrl+w':
      return { ...prompt, before: before.replace(/\S+\s*$/, '') }
    default:
      return graphemesOf(key).length === 1 ? inserted(prompt, key) : null
  }
}

/** Foreign text, as a paste brings it, is one line and shows what it is made of. */
export function inserted(prompt: Prompt, text: string): Prompt {
  return { ...prompt, before: prompt.before + (text === ' ' ? ' ' : oneLine(text)) }
}
