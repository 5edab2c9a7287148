// The words that gateways leave where they took something out of what they log.

import type { Json } from '../../core/types.ts'
import { isArray, isObject } from '../../providers/shape.ts'
import type { Damage } from '../log-format.ts'

/** Deeper JSON is rejected elsewhere. */
const maxDepth = 200

/** Whether one of the marks stands in a text or a field name of the JSON. */
export function holdsMark(json: Json, marks: readonly string[], levels: number = maxDepth): boolean {
  const isMarked = (text: string) => marks.some((mark) => text.includes(mark))
  if (typeof json === 'string') return isMarked(json)
  if (levels === 0) return false
  if (isArray(json)) return json.some((each) => holdsMark(each, marks, levels - 1))
  if (!isObject(json)) return false
  return Object.entries(json).some(([field, value]) => isMarked(field) || holdsMark(value, marks, levels - 1))
}

/** LiteLLM's, which stand in the logs of all that it calls back. */
const ofLitellm: readonly (Damage & { readonly mark: string })[] = [
  {
    mark: 'litellm_truncated',
    fidelity: 'truncated',
    reason: 'LiteLLM cut a text in the middle (`litellm_truncated`)',
  },
  {
    mark: 'redacted-by-litellm',
    fidelity: 'redacted',
    reason: 'LiteLLM took its messages out: switch `turn_off_message_logging` off',
  },
]

/** What a request's text says was done to it, in whichever log it stands. */
export function markedDamage(text: string): Damage | null {
  // Of millions of requests hardly one has the word.
  if (!text.includes('litellm')) return null
  return ofLitellm.find(({ mark }) => text.includes(mark)) ?? null
}
