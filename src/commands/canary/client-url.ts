// What clients have as their base URL, once the router stands before production.

import type { Target } from '../../core/types.ts'

/** The router's address with the path that production's own base URL has; as each provider's SDK counts it. */
export function clientUrlOf({ api, baseUrl }: Pick<Target, 'api' | 'baseUrl'>, host: string, port: number): string {
  const path = new URL(baseUrl).pathname.replace(/\/$/, '')
  // The SDKs of OpenAI have the version in their base URL, the others add it.
  const mount = api.startsWith('openai-') ? path : path.replace(/\/v\d\w*$/, '')
  // Which of the machine's names clients know is theirs to say.
  if (host === '0.0.0.0' || host === '::') return `http://<this host>:${port}${mount}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${mount}`
}
