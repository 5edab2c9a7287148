// What Bedrock's log counted of a call: cached input stands beside the input.

import type { JsonObject, Usage } from '../core/types.ts'
import { countAt, objectAt } from '../providers/shape.ts'

/** null where the log counted nothing. */
export function logUsage(line: JsonObject): Usage | null {
  const asked = objectAt(line, 'input')
  const input = countAt(asked, 'inputTokenCount')
  const output = countAt(objectAt(line, 'output'), 'outputTokenCount')
  if (input === null || output === null) return null
  const read = countAt(asked, 'cacheReadInputTokenCount')
  const written = countAt(asked, 'cacheWriteInputTokenCount') ?? 0
  return {
    input: input + (read ?? 0) + written,
    output,
    cachedInput: read,
    reasoning: null,
    ...(written > 0 ? { cacheWrite: written } : {}),
  }
}
