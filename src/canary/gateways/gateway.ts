// A gateway that can split traffic by itself, and the split that it is handed.

import { Fault } from '../../core/fault.ts'
import type { Mode } from '../../core/rollout.ts'
import { type Arm, arms, type Json, type Target } from '../../core/types.ts'
import { buckets } from '../dealing/bucket.ts'

export interface GatewaySplit {
  readonly mode: Mode
  /** Of ten thousand. */
  readonly candidate: number
  /** The model that clients ask for; null where it may be any. */
  readonly model: string | null
  readonly targets: Readonly<Record<Arm, Target>>
  /** How the rollout stands, in words. */
  readonly standing: string
}

export interface Gateway {
  readonly title: string
  /** The config. Faults: USAGE, where the gateway can't do it. */
  readonly config: (split: GatewaySplit) => string
  /** What the router does and it doesn't, and what is left to do: a sentence each. */
  readonly remarks: (split: GatewaySplit) => readonly string[]
  /** Whether its config takes `#` comments. */
  readonly takesComments: boolean
}

/** Requests of ten thousand or, where nothing is lost by it, of a hundred. */
export function weightsOf({ candidate }: GatewaySplit): Readonly<Record<Arm, number>> {
  const unit = candidate % 100 === 0 ? 100 : 1
  return { production: (buckets - candidate) / unit, candidate: candidate / unit }
}

/** Fault: USAGE. An Azure deployment stands in the path of its requests, which no two gateways write alike. */
export function requireSpoken(title: string, { targets }: GatewaySplit, apis: readonly string[]): void {
  for (const arm of arms) {
    const { api, vendor } = targets[arm]
    const place = `targets.${arm}`
    if (!apis.includes(api)) {
      throw new Fault('USAGE', `${title} is not told here how to serve ${api}; it is ${apis.join(', ')}`, { place })
    }
    if (vendor === 'azure-openai-deployments') {
      throw new Fault('USAGE', 'dated API versions of Azure are not exported', {
        place,
        hint: 'give the target Azure’s v1 API, vendor azure-openai, or write it into the gateway’s config by hand',
      })
    }
  }
}

/** Overrides of a target: what is set, and what is taken out. */
export function changesOf({ overrides }: Target): {
  readonly set: readonly (readonly [string, Json])[]
  readonly removed: readonly string[]
} {
  const fields = Object.entries(overrides)
  return {
    set: fields.filter(([, value]) => value !== null),
    removed: fields.flatMap(([name, value]) => (value === null ? [name] : [])),
  }
}

/** What the router does and none of them does. */
export function missingIn(title: string): readonly string[] {
  return [
    `${title} draws each request anew: a user meets both models. The router keeps them on one.`,
    'It has no control group, compares nothing, and neither advances nor rolls back by itself: export again at each stage.',
  ]
}

/** What no gateway is handed, of those of the targets that have it. */
export function leftBehind({ targets }: GatewaySplit): readonly string[] {
  return arms.flatMap((arm) => {
    const { rename = {}, headerNames } = targets[arm]
    const names = Object.keys(rename)
    return [
      ...(names.length > 0 ? [`Not in it: the ${arm} target renames ${names.join(', ')}.`] : []),
      ...(headerNames.length > 0 ? [`Not in it: headers of the ${arm} target: ${headerNames.join(', ')}.`] : []),
    ]
  })
}
