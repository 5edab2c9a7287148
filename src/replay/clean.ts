// Answers without what looks like a credential: a model may repeat one that its own prompt holds, or make one up.

import { withoutSecrets } from '../core/secrets.ts'
import type { Outcome } from '../core/types.ts'

/** The outcome as it may be stored. */
export function cleaned(outcome: Outcome): Outcome {
  if (outcome.kind !== 'reply')
    return 'detail' in outcome ? { ...outcome, detail: withoutSecrets(outcome.detail).text } : outcome
  const { reply } = outcome
  const toolCalls = reply.toolCalls.map((call) => ({ ...call, arguments: withoutSecrets(call.arguments).text }))
  return { kind: 'reply', reply: { ...reply, text: withoutSecrets(reply.text).text, toolCalls } }
}
