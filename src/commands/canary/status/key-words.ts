// Where a user's key is looked for, in words.

import type { KeySource } from '../../../canary/dealing/user-key.ts'

/** `header x-user-id`. */
export function keyWords(source: KeySource): string {
  if ('header' in source) return `header ${source.header}`
  if ('body' in source) return `body ${source.body}`
  return 'cookie' in source ? `cookie ${source.cookie}` : 'the API key'
}
