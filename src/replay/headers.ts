// Headers that every request to a target has.

import type { Provider } from '../providers/provider.ts'

export interface TargetHeaders {
  readonly provider: Provider
  readonly key: string | null
  /** Extra headers of the config, with their values. */
  readonly headers: Readonly<Record<string, string>>
  readonly userAgent: string
}

/** What every request to a target has; lower-case names. The config's own headers win: an API version, or a key where a gateway wants it. */
export function targetHeaders({ provider, key, headers, userAgent }: TargetHeaders): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream, application/x-ndjson',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    ...provider.headers(key),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }
}
