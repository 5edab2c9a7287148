// Whether two replies are the same answer to whoever reads them.

import type { Reply } from '../../core/types.ts'
import { isSameToolCalls } from '../../diff/tools.ts'
import { sameText } from '../similarity.ts'

export function isSameAnswer(a: Reply, b: Reply): boolean {
  return sameText(a.text, b.text) && isSameToolCalls(a.toolCalls, b.toolCalls)
}
