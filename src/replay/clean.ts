// Answers without what looks like a credential: a model may repeat one that its own prompt holds, or make one up, and a server names the key that it refuses.

import { unreachable } from '../core/fault.ts'
import { secretMark, withoutSecrets } from '../core/secrets.ts'
import type { Outcome } from '../core/types.ts'

/** What is left of a text that came from outside. */
export type Clean = (text: string) => string

const ofSecrets: Clean = (text) => withoutSecrets(text).text

/** The outcome as it may be stored: every text of it. */
export function cleaned(outcome: Outcome, clean: Clean = ofSecrets): Outcome {
  switch (outcome.kind) {
    case 'reply': {
      const { text, toolCalls, servedModel } = outcome.reply
      const reply = {
        ...outcome.reply,
        text: clean(text),
        toolCalls: toolCalls.map((call) => ({ ...call, name: clean(call.name), arguments: clean(call.arguments) })),
        servedModel: servedModel === null ? null : clean(servedModel),
      }
      return { kind: 'reply', reply }
    }
    case 'rejected': {
      const { code, detail } = outcome
      return { ...outcome, code: code === null ? null : clean(code), detail: clean(detail) }
    }
    case 'broken':
      return { ...outcome, detail: clean(outcome.detail) }
    case 'timeout':
    case 'cancelled':
      return outcome
    default:
      return unreachable(outcome)
  }
}

/** Shorter ones are words that any answer may hold. */
const leastKey = 8
/** A header's value may be a key or a version; what is short, or has no digit, is taken for no key. */
const leastValue = 12
const scheme = /^(?:basic|bearer|digest|token)\s+/i

/** Takes out the very keys that a target is asked with: they may have a form that no pattern knows. null where there is none. */
export function withoutKeys(sent: {
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
}): Clean | null {
  const values = Object.values(sent.headers)
    .map((value) => value.replace(scheme, ''))
    .filter((value) => value.length >= leastValue && /\d/.test(value) && /[a-z]/i.test(value))
  const own = sent.key !== null && sent.key.length >= leastKey ? [sent.key] : []
  // The longest first: one may be a part of another.
  const keys = [...new Set([...own, ...values])].toSorted((a, b) => b.length - a.length)
  if (keys.length === 0) return null
  return (text) => keys.reduce((rest, key) => (rest.includes(key) ? rest.replaceAll(key, secretMark) : rest), text)
}
