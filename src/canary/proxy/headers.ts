// Headers on their way through, and what a path has beside them: those of a connection stay behind, and credentials are the client's or the arm's.

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** RFC 9110, section 7.6.1, and what the proxy says for itself. */
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const ownRequest = new Set(['host', 'content-length', 'expect', 'accept-encoding'])
export const credentialHeaders = [
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'cookie',
  // Of gateways, whose keys open more than one model.
  'x-portkey-api-key',
  'x-litellm-api-key',
]
const credentials = new Set(credentialHeaders)

export interface RequestHeaders {
  /** The client's, with lower-case names. */
  readonly client: Headers
  /** The arm's own, key included; they win. null: the client's credentials pass through. */
  readonly arm: Readonly<Record<string, string>> | null
  /** Names of ours that no target need see. */
  readonly own: readonly string[]
}

/** What is sent to an arm. Answers come plain, so that they can be read as they pass. Where the arm has a key, none of the client's goes on. */
export function requestHeaders({ client, arm, own }: RequestHeaders): Record<string, string | string[]> {
  const named = connectionNames(client)
  const sent: Record<string, string | string[]> = {}
  for (const name in client) {
    const value = client[name]
    if (value === undefined || ofConnection.has(name) || ownRequest.has(name) || named.includes(name)) continue
    if (own.includes(name) || (arm !== null && credentials.has(name))) continue
    sent[name] = typeof value === 'string' ? value : [...value]
  }
  sent['accept-encoding'] = 'identity'
  return arm === null ? sent : Object.assign(sent, arm)
}

/** What the client is sent. */
export function responseHeaders(
  upstream: Headers,
  own: Readonly<Record<string, string>>,
): Record<string, string | string[]> {
  const named = connectionNames(upstream)
  const sent: Record<string, string | string[]> = {}
  for (const name in upstream) {
    const value = upstream[name]
    if (value === undefined || ofConnection.has(name) || named.includes(name)) continue
    sent[name] = typeof value === 'string' ? value : [...value]
  }
  return Object.assign(sent, own)
}

/** Names under which Google's and Azure's servers take a credential from a query. */
const credentialParameters = new Set(['key', 'access_token', 'oauth_token', 'api-key', 'subscription-key'])

/** A path without the credentials in its query; what is left is as it was, byte for byte. */
export function withoutCredentials(path: string): string {
  const start = path.indexOf('?')
  if (start < 0) return path
  const all = path.slice(start + 1).split('&')
  const kept = all.filter((each) => !credentialParameters.has(parameterName(each)))
  if (kept.length === all.length) return path
  return kept.length === 0 ? path.slice(0, start) : `${path.slice(0, start)}?${kept.join('&')}`
}

function parameterName(parameter: string): string {
  const [name = ''] = [...new URLSearchParams(parameter).keys()]
  return name.toLowerCase()
}

const nobody: readonly string[] = []

/** `Connection: x-hop` makes `x-hop` one of its own. */
function connectionNames(headers: Headers): readonly string[] {
  const value = headers['connection']
  if (value === undefined || value === 'keep-alive') return nobody
  const text = typeof value === 'string' ? value : (value?.join(',') ?? '')
  return text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}
