// Tags, as gateways keep them beside a request → segments.

import type { Json } from '../../core/types.ts'
import { namesConversation, namesPerson } from '../../providers/party.ts'

/** `feature:refund` is the segment `feature` with the value `refund`; `beta` is `beta` with the value `true`. No persons. */
export function tagSegments(tags: readonly Json[]): Readonly<Record<string, string>> {
  const pairs = tags.flatMap((tag) => {
    if (typeof tag !== 'string' || tag.trim() === '') return []
    const [first = '', ...rest] = tag.split(':')
    const key = first.trim()
    const value = rest.join(':').trim()
    if (key === '' || (rest.length > 0 && value === '')) return [[tag.trim(), 'true'] as const]
    return namesPerson(key) || namesConversation(key) ? [] : [[key, rest.length === 0 ? 'true' : value] as const]
  })
  return Object.fromEntries(pairs)
}
