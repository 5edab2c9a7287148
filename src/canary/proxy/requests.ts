// A client's request as each arm is asked it: production's as it came, the candidate's in its own words.

import type { Arm, JsonObject, Target } from '../../core/types.ts'
import { endpointOf, withModel } from '../../providers/endpoint.ts'
import { providerServedBy } from '../../providers/index.ts'
import { isObject } from '../../providers/shape.ts'
import type { ClientRequest } from './forward.ts'
import { requestHeaders, withoutCredentials } from './headers.ts'
import type { Asking } from './proxy.ts'

/** What one target of an arm is asked with. */
export interface ArmRequests {
  readonly target: Target
  /** null: the client's own credentials pass through. */
  readonly key: string | null
  /** Extra headers of the config, with their values. */
  readonly headers: Readonly<Record<string, string>>
  /** A server that the clients' credentials are not for, whether it has a key of ours or takes none. */
  readonly isForeign?: boolean
}

export interface RequestsOptions {
  /** The targets of each arm, in order. */
  readonly arms: Readonly<Record<Arm, readonly ArmRequests[]>>
  /** Names of headers that are ours alone, lower-case. */
  readonly ownHeaders: readonly string[]
}

/** Makes the requests of both arms. Throws BAD_CONFIG where a target's API or vendor is not known. */
export function createRequests({
  arms,
  ownHeaders,
}: RequestsOptions): (arm: Arm, target: number, asking: Asking) => ClientRequest {
  const makers = {
    production: arms.production.map((target) => asItCame(target, ownHeaders)),
    candidate: arms.candidate.map((target) => inItsWords(target, ownHeaders)),
  }
  return (arm, target, asking) => {
    const make = makers[arm][target]
    if (make === undefined) throw new RangeError(`${arm} has no target ${target}`)
    return make(asking)
  }
}

/** The bytes of the client, on the path that it named. */
function asItCame(arm: ArmRequests, ownHeaders: readonly string[]) {
  const base = new URL(arm.target.baseUrl)
  const mount = base.pathname.replace(/\/$/, '')
  const headersOf = armHeaders(arm, ownHeaders)
  return (asking: Asking): ClientRequest => ({
    method: asking.method,
    path: withQuery(pathBelow(mount, pathFor(arm, asking)), base.search),
    headers: headersOf(asking),
    body: asking.body.length === 0 ? null : asking.body,
  })
}

/** Clients name the API's version in their base URL, or leave all of the path to us. */
function pathBelow(mount: string, path: string): string {
  const hasMount = path === mount || path.startsWith(`${mount}/`) || path.startsWith(`${mount}?`)
  return hasMount || /^\/v\d/.test(path) ? path : mount + path
}

/** With the candidate's model, names and overrides, at its own address. */
function inItsWords(arm: ArmRequests, ownHeaders: readonly string[]) {
  const { target } = arm
  const provider = providerServedBy(target.api, target.vendor)
  const base = new URL(target.baseUrl)
  const start = base.pathname.replace(/\/$/, '')
  const headersOf = armHeaders(arm, ownHeaders)
  return (asking: Asking): ClientRequest => {
    const endpoint = endpointOf(asking.path)
    const asked = isObject(asking.json) ? withModel(asking.json, endpoint?.model ?? null) : {}
    const isStreamed = endpoint?.isStreamed === true || provider.isStreaming(asked)
    const { model, rename, overrides } = target
    const request = provider.request(asked, { model, rename, overrides, stream: isStreamed })
    const body = Buffer.from(JSON.stringify(withoutUnasked(request.body, asked, overrides)))
    const [, query = ''] = pathFor(arm, asking).split('?', 2)
    return {
      method: asking.method,
      path: withQuery(withQuery(start + request.path, base.search), query),
      headers: headersOf(asking),
      body,
    }
  }
}

/** Replays ask for the usage of a stream; a client that did not would not know what to do with one more chunk. */
function withoutUnasked(body: JsonObject, asked: JsonObject, overrides: JsonObject): JsonObject {
  if (Object.hasOwn(asked, 'stream_options') || Object.hasOwn(overrides, 'stream_options')) return body
  const { stream_options: _, ...rest } = body
  return rest
}

/** Whether the client's own credentials go on. */
function takesClients({ key, isForeign }: ArmRequests): boolean {
  return key === null && isForeign !== true
}

/** Gemini's clients may have their key in the query (`?key=`): it goes on where their headers' do. */
function pathFor(arm: ArmRequests, { path }: Asking): string {
  return takesClients(arm) ? path : withoutCredentials(path)
}

function armHeaders(order: ArmRequests, own: readonly string[]) {
  const { target, key, headers } = order
  const provider = providerServedBy(target.api, target.vendor)
  const extra = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const arm = key === null ? extra : { ...provider.headers(key), ...extra }
  const isOwn = !takesClients(order)
  return ({ headers: client }: Asking) => {
    const sent = requestHeaders({ client, arm: isOwn ? arm : null, own })
    return isOwn ? sent : Object.assign(sent, arm)
  }
}

/** What both name is the client's last. */
function withQuery(path: string, query: string): string {
  const more = query.replace(/^\?/, '')
  if (more === '') return path
  const [bare = '', own = ''] = path.split('?', 2)
  const known = new Set(own.split('&').filter((each) => each !== ''))
  for (const each of more.split('&')) known.add(each)
  return `${bare}?${[...known].join('&')}`
}
