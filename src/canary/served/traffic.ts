// What kind of requests come: counted for the status, and for whoever wonders in the first minutes why nothing happens.

import { type Group, groups } from '../../core/rollout.ts'
import type { Arm } from '../../core/types.ts'
import type { Assignment } from '../dealing/router.ts'
import type { Asking } from '../proxy/proxy.ts'
import type { Served } from './served.ts'

export interface TrafficCounts {
  /** ms since 1970. */
  readonly startedAtMs: number
  /** null before the first one. */
  readonly lastAtMs: number | null
  readonly requests: number
  /** Of users that a key told of. */
  readonly ofUsers: Readonly<Record<Group, number>>
  /** Of the rollout, and without a key: split one by one, and in no comparison. */
  readonly withoutKey: number
  /** Testers who asked for an arm. */
  readonly overrides: number
  readonly notOfIt: number
  /** The candidate failed, and production answered in its place. */
  readonly fallbacks: number
  /** Answers by status, or the kind of failure where there was none. */
  readonly answers: Readonly<Record<Arm, Readonly<Record<string, number>>>>
  /** What requests that are not of it asked for: model and path, with their numbers. */
  readonly others: Readonly<Record<string, number>>
  /** Names in requests without a key under which one might be: `header x-customer-id`. Never a value. */
  readonly keysInstead: Readonly<Record<string, number>>
}

export interface Traffic {
  readonly ask: (asking: Asking, assignment: Assignment, model: string | null) => void
  readonly serve: (served: Served) => void
  readonly counts: () => TrafficCounts
}

/** So many requests without a key are looked through for one, and so many names are kept of each kind. */
const mostLookedThrough = 200
const mostNames = 20

export function createTraffic(now: () => number): Traffic {
  const startedAtMs = now()
  const ofUsers = Object.fromEntries(groups.map((group) => [group, 0])) as Record<Group, number>
  const answers = { production: new Map<string, number>(), candidate: new Map<string, number>() }
  const others = new Map<string, number>()
  const keysInstead = new Map<string, number>()
  let lastAtMs: number | null = null
  let [requests, withoutKey, overrides, notOfIt, fallbacks] = [0, 0, 0, 0, 0]
  return {
    ask: (asking, { reason, group }, model) => {
      requests++
      lastAtMs = now()
      switch (reason) {
        case 'user':
          ofUsers[group ?? 'rest']++
          return
        case 'request':
          if (withoutKey++ < mostLookedThrough) for (const name of likelyKeys(asking)) raise(keysInstead, name)
          return
        case 'override':
          overrides++
          return
        case 'not-of-it':
          notOfIt++
          return raise(others, whatIs(asking, model))
        default:
          return reason satisfies never
      }
    },
    serve: ({ servedBy, isUnseen, isCopied, status, failure }) => {
      if (failure?.kind === 'left') return
      raise(answers[servedBy], failure?.kind ?? String(status))
      if (isUnseen && !isCopied) fallbacks++
    },
    counts: () => ({
      startedAtMs,
      lastAtMs,
      requests,
      ofUsers: { ...ofUsers },
      withoutKey,
      overrides,
      notOfIt,
      fallbacks,
      answers: {
        production: Object.fromEntries(answers.production),
        candidate: Object.fromEntries(answers.candidate),
      },
      others: Object.fromEntries(others),
      keysInstead: Object.fromEntries(keysInstead),
    }),
  }
}

/** Clients choose some of the names: so many are told apart, and no more. */
function raise<K extends string>(counts: Map<K, number>, name: K): void {
  if (counts.has(name) || counts.size < mostNames) counts.set(name, (counts.get(name) ?? 0) + 1)
}

const longestName = 80

function whatIs({ method, path }: Asking, model: string | null): string {
  const [bare = ''] = path.split('?')
  const where = bare.replace(/[^\x21-\x7e]/g, '').slice(0, longestName)
  return model === null
    ? `${method} ${where}`
    : `${model.replace(/[^\x20-\x7e]/g, '').slice(0, longestName)} at ${where}`
}

const likely = /user|customer|account|tenant|session|member|visitor|subject|client-?id|uid\b/i
/** Every client sends these. */
const unlikely = new Set(['user-agent'])

/** Names under which a request may say whose it is. */
function likelyKeys({ headers, json }: Asking): string[] {
  const ofHeaders = Object.keys(headers).filter((name) => likely.test(name) && !unlikely.has(name))
  const cookies = (headers.cookie ?? '').split(';').flatMap((part) => {
    const name = part.split('=', 1)[0]?.trim() ?? ''
    return likely.test(name) ? [`cookie ${name.slice(0, longestName)}`] : []
  })
  return [...ofHeaders.map((name) => `header ${name.slice(0, longestName)}`), ...bodyKeys(json), ...cookies]
}

/** Where the provider APIs have a user, and what a client adds beside. */
function bodyKeys(json: Asking['json']): string[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return []
  const own = ['user', 'safety_identifier', 'prompt_cache_key'].filter(
    (name) => typeof Reflect.get(json, name) === 'string',
  )
  const metadata: unknown = Reflect.get(json, 'metadata')
  const inner = typeof metadata === 'object' && metadata !== null ? Object.keys(metadata) : []
  const named = inner.filter((name) => likely.test(name)).map((name) => `metadata.${name.slice(0, longestName)}`)
  return [...own, ...named].map((name) => `body ${name}`)
}
