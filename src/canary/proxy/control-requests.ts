// The control's requests: production's model, asked so that its prompts lie in a cache of their own, as the candidate's do.

import type { JsonObject } from '../../core/types.ts'
import { isObject } from '../../providers/shape.ts'
import type { ClientRequest } from './forward.ts'
import type { Asking } from './proxy.ts'

/** With these fields of the body on top. A body that is no JSON object stays as it came. */
export function withFields(request: ClientRequest, { json }: Pick<Asking, 'json'>, fields: JsonObject): ClientRequest {
  if (!isObject(json) || Object.keys(fields).length === 0) return request
  return { ...request, body: Buffer.from(JSON.stringify({ ...json, ...fields })) }
}
