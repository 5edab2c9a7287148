// The id that a request bears in its batch, and its result after it.

import { createHash } from 'node:crypto'
import type { BatchCall } from '../../core/batch.ts'
import type { Arm } from '../../core/types.ts'

/** Anthropic's rule ("Batch processing"); OpenAI's ids may be anything. */
const allowed = /^[a-zA-Z0-9_-]{1,64}$/

/** `20261123-023000-1f3c_0a1b…_c0`: run, record, arm and trial, so that people find both in the provider's console, and no two runs share one. */
export function customIdOf(
  runId: string,
  arm: Arm,
  { recordId, trial }: Pick<BatchCall, 'recordId' | 'trial'>,
): string {
  const plain = `${runId}_${recordId}_${arm.charAt(0)}${trial}`
  return allowed.test(plain) ? plain : createHash('sha256').update(plain).digest('hex').slice(0, 40)
}
