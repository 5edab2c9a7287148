// A request as it goes over the wire, made before its turn comes: whoever holds the clock has only to send it.

import type { Arm, JsonObject, Target } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import type { Call, Trial, WiredCall } from './plan.ts'

/** What is posted: the path below the base URL, and the body. */
export interface Wire {
  readonly path: string
  readonly body: string
}

/** What of a captured body becomes another for its target. */
export interface WireOptions {
  /** null sends the captured model. */
  readonly model: string | null
  readonly rename?: Target['rename']
  readonly overrides: JsonObject
  readonly stream: boolean
  /** A line for the start of the system prompt; null sends the prompt as it is. */
  readonly salt: string | null
}

/** A captured body as text to be posted: salted, and with the target's names, model and overrides. */
export function wireOf(provider: Provider, body: JsonObject, options: WireOptions): Wire {
  const request = requestOf(provider, body, options)
  return { path: request.path, body: JSON.stringify(request.body) }
}

/** A captured body as an arm is asked it: salted, with the arm's names, model and overrides. */
export function requestOf(provider: Provider, body: JsonObject, { salt, ...options }: WireOptions) {
  const salted = salt === null ? body : (provider.salted(body, salt) ?? body)
  return provider.request(salted, options)
}

export interface WiringOptions {
  readonly arms: Readonly<
    Record<Arm, { readonly provider: Provider } & Pick<WireOptions, 'model' | 'rename' | 'overrides'>>
  >
  readonly saltOf: (arm: Arm, trial: number) => string | null
  readonly stream: 'asCaptured' | 'always' | 'never'
}

/** The trials of a captured request, ready to be sent. */
export function wired(trials: readonly Trial<Call>[], body: JsonObject, options: WiringOptions): Trial<WiredCall>[] {
  const { arms, saltOf, stream } = options
  return trials.map(({ number, calls }) => ({
    number,
    calls: calls.map((call) => {
      const { provider, model, rename, overrides } = arms[call.arm]
      const isStreamed = stream === 'asCaptured' ? provider.isStreaming(body) : stream === 'always'
      const salt = saltOf(call.arm, call.trial)
      return { ...call, wire: wireOf(provider, body, { model, rename, overrides, stream: isStreamed, salt }) }
    }),
  }))
}
