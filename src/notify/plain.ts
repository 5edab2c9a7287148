// A night without what others must not see of it: credentials, and characters that nobody can see.

import type { Night } from '../core/night.ts'
import { secretMark, withoutSecrets } from '../core/secrets.ts'
import type { Json } from '../core/types.ts'
import { printable } from '../core/visible-text.ts'
import type { News } from './news.ts'

/** Shorter values are words that any sentence may hold. */
const leastSecret = 8

/** As `plainNight`. */
export function plainNews(news: News, secrets: readonly string[]): News {
  return { ...news, night: plainNight(news.night, secrets) }
}

/** `secrets`: the very values that must not be told, where no pattern knows them. */
export function plainNight(night: Night, secrets: readonly string[]): Night {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= leastSecret)
  // The longest first: one may be a part of another.
  const values = known.toSorted((a, b) => b.length - a.length)
  const plain = (text: string) => {
    const rest = values.reduce((left, secret) => left.replaceAll(secret, secretMark), text)
    return printable(withoutSecrets(rest).text)
  }
  return plainValue(night, plain)
}

/** The same value with every text of it made plain. */
function plainValue<T>(value: T, plain: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key: string, each: Json) =>
    typeof each === 'string' ? plain(each) : each,
  )
}
