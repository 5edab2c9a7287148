// Tags, as gateways keep them beside a request → segments.

import type { Json } from '../core/types.ts'
import { namesConversation, namesPerson } from '../providers/party.ts'

/** `feature:refund` is the segment `feature` with the value `refund`; `beta` is `beta` with the value `true`. No persons. */
export function tagSegments(tags: readonly Json[]): Readonly<Record<string, string>> {
  const pairs = tags.flatMap((tag) => {
    if (typeof tag !== 'string' || tag.trim() === '') return []
    const [, key = tag.trim(), value = 'true'] = /^\s*([^:\s][^:]*?)\s*:\s*(.*\S)\s*$/s.exec(tag) ?? []
    return namesPerson(key) || namesConversation(key) ? [] : [[key, value] as const]
  })
  return Object.fromEntries(pairs)
}
