// What a client asks with that is a secret, so that no server's answer carries it into a file.

import { credentialHeaders, type Headers } from './headers.ts'

/** As they came; undefined where there is none. */
export function credentialsIn(headers: Headers): readonly string[] | undefined {
  let found: string[] | undefined
  for (const name of credentialHeaders) {
    const value = headers[name]
    if (value === undefined) continue
    found ??= []
    if (typeof value === 'string') found.push(value)
    else found.push(...value)
  }
  return found
}

/** The secrets themselves: cookies one by one, and what a query holds (`?key=` of Gemini). */
export function secretsIn(credentials: readonly string[], path: string): readonly string[] {
  const queries = [...new URLSearchParams(path.split('?', 2)[1] ?? '').values()]
  const parts = credentials
    .flatMap((each) => each.split(/;\s*/))
    .flatMap((each) => [each, each.slice(each.indexOf('=') + 1)])
  return [...new Set([...parts, ...queries])]
}
