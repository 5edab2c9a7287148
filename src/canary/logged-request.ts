// What a client asked, as a body alone: the log has no paths, and Google's and Azure's requests say there which model, and whether streamed.

import type { JsonObject } from '../core/types.ts'
import { endpointOf, withModel } from '../providers/endpoint.ts'
import { isObject, parseJson } from '../providers/shape.ts'
import type { Served } from './served.ts'

/** null where the body is no JSON object. */
export function requestIn({ request, path }: Pick<Served, 'request' | 'path'>): JsonObject | null {
  const asked = parseJson(Buffer.from(request).toString('utf8'))
  if (!isObject(asked)) return null
  const endpoint = endpointOf(path)
  const named = withModel(asked, endpoint?.model ?? null)
  return endpoint?.isStreamed === true && !Object.hasOwn(named, 'stream') ? { ...named, stream: true } : named
}
