// What a client asked, as a body alone: the log has no paths, and Google's and Azure's requests say there which model, and whether streamed.

import type { JsonObject } from '../../core/types.ts'
import { endpointOf, withModel } from '../../providers/endpoint.ts'
import { isObject, parseJson } from '../../providers/shape.ts'
import type { Served } from './served.ts'

/** undefined where the body is no JSON, null where that is no object. */
export function requestIn({ request, path }: Pick<Served, 'request' | 'path'>): JsonObject | null | undefined {
  const { buffer, byteOffset, byteLength } = request
  const asked = parseJson(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'))
  if (!isObject(asked)) return asked === undefined ? undefined : null
  const endpoint = endpointOf(path)
  const named = withModel(asked, endpoint?.model ?? null)
  return endpoint?.isStreamed === true && !Object.hasOwn(named, 'stream') ? { ...named, stream: true } : named
}
