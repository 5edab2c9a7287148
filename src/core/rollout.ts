// The nouns of a rollout: who is served by which arm, how far the ramp stands, and every change of it with its reason.

import type { Decision, Effect, Finding } from './judgement.ts'
import type { Arm, Instant } from './types.ts'

/**
 * `shadow`: everybody gets production, the candidate a copy that nobody sees. `canary`: a share of users gets the candidate, which the
 * ramp raises. `ab`: half of them, compared and not raised. `blue-green`: everybody gets one arm, and a flip changes it at once.
 */
export const modes = ['shadow', 'canary', 'ab', 'blue-green'] as const
export type Mode = (typeof modes)[number]

/**
 * Whom a request counts for. `control`: users of production who stand against the candidate's, as many as those, so that both caches
 * are equally cold. `rest`: production for everybody else. `unmatched`: the candidate, beyond half of all users, where nobody is left
 * to stand against them.
 */
export const groups = ['candidate', 'control', 'rest', 'unmatched'] as const
export type Group = (typeof groups)[number]

export interface Stage {
  /** Users on the candidate, 0..1, above the stage before. */
  readonly share: number
  readonly minMinutes: number
  /** Of the candidate, in this stage. */
  readonly minRequests: number
}

/** Who changed something: the ramp by itself, or a person by name. */
export type Actor = { readonly kind: 'ramp' } | { readonly kind: 'person'; readonly name: string }

/** By what a rollout may begin: the offline verdict, or a person who goes without. */
export type Permit =
  | {
      readonly kind: 'verdict'
      readonly runId: string
      /** Of the file. */
      readonly sha256: string
      readonly decidedAt: Instant
      /** Addresses of the candidate's further servers: the verdict was about its first one. Absent where there are none. */
      readonly unjudged?: readonly string[]
    }
  | { readonly kind: 'override'; readonly because: string }

/** What an open rule would take to be decided, with 80 % power: a projection, not a promise. */
export interface Need {
  /** The summary that the rule is about. */
  readonly metric: string
  /**
   * More requests of the candidate, the control having as many, if both arms are equal in truth; null where nothing tells, as where
   * nobody was asked for it yet.
   */
  readonly requests: number | null
  /** Users of the candidate altogether who would have asked them, each as often as those so far; null where `requests` is. */
  readonly users: number | null
}

/** What the comparison of users showed at one moment. */
export interface Evaluation {
  readonly at: Instant
  readonly decision: Decision
  readonly because: string
  /** Requests and users that it was made from. */
  readonly requests: Readonly<Record<'candidate' | 'control', number>>
  readonly users: Readonly<Record<'candidate' | 'control', number>>
  /** The findings that decided, in sentences. */
  readonly findings: readonly string[]
  /** Each rule in figures; not there where too little was seen to ask any. */
  readonly rules?: readonly Standing[]
  /** Of each blocking rule that is open; journals of old have none. */
  readonly needs?: readonly Need[]
  /** More was served before it was asked for and is not in it: it may roll back, and moves nobody to the candidate. */
  readonly isBehind?: boolean
  /** Requests that were served and are in no evaluation since the router began, where there are any. */
  readonly unread?: number
}

/** How one rule stood at one moment, as JSON can hold it. */
export interface Standing extends Pick<Finding, 'rule' | 'outcome' | 'because'> {
  readonly effect: StandingEffect | null
}

export interface StandingEffect extends Pick<Effect, 'better' | 'unit' | 'scale'> {
  /** null: beyond all numbers, as a quantile of times in which no answer came. */
  readonly production: number | null
  readonly candidate: number | null
  readonly estimate: number | null
  /** null where there is no limit on that side. */
  readonly low: number | null
  readonly high: number | null
}

/** A hard limit that was met: it asks for no statistics. */
export interface Tripped {
  readonly guard: 'error-rate' | 'consecutive-failures' | 'no-answer'
  readonly because: string
}

/** One line of the journal. Nothing is ever changed in it. */
export type RampEvent = { readonly at: Instant; readonly by: Actor } & (
  | {
      readonly kind: 'opened'
      readonly mode: Mode
      /** Of both targets, a dash, and of how users are dealt: with another one a rollout begins from its start. */
      readonly fingerprint: string
      readonly stages: readonly Stage[]
      readonly permit: Permit
    }
  | {
      readonly kind: 'advanced'
      /** Index of the stage that begins. */
      readonly stage: number
      readonly because: string
      readonly evaluation: Evaluation | null
    }
  | { readonly kind: 'held'; readonly because: string; readonly evaluation: Evaluation | null }
  | { readonly kind: 'released'; readonly because: string }
  | {
      readonly kind: 'rolled-back'
      readonly because: string
      readonly evaluation: Evaluation | null
      readonly tripped: Tripped | null
    }
  /** Blue-green: everybody is served by this arm from now on. */
  | { readonly kind: 'flipped'; readonly to: Arm; readonly because: string }
  | { readonly kind: 'completed'; readonly because: string; readonly evaluation: Evaluation | null }
  /** What was seen until now is lost as evidence: of the stage, too, which has to have its time and its requests again. */
  | { readonly kind: 'forgotten'; readonly because: string }
  /** Answers of the candidate are spoilt on purpose from now on, or no longer. The ramp stands where it stood. */
  | {
      readonly kind: 'drilled'
      readonly fault: string
      /** Of the candidate's answers, 0..1. */
      readonly share: number
      readonly isOver: boolean
      readonly because: string
    }
  /** The config was read again under traffic, or was another after a restart. */
  | { readonly kind: 'reconfigured'; readonly stages: readonly Stage[]; readonly changes: readonly SettingChange[] }
)

/** A setting that is another now, as text that holds no secret. */
export interface SettingChange {
  /** With dots: canary.guards.window. */
  readonly setting: string
  readonly before: string
  readonly after: string
}

/** What the journal comes to. */
export interface RampState {
  /** `closed`: nobody opened it yet. */
  readonly phase: 'closed' | 'open' | 'rolled-back' | 'complete'
  readonly mode: Mode
  readonly fingerprint: string
  readonly stages: readonly Stage[]
  /** Index of the stage; −1 where there is none, as in shadow. */
  readonly stage: number
  /** When the stage began, or its evidence began again; of a closed ramp the empty text. */
  readonly since: Instant
  readonly held: { readonly since: Instant; readonly by: Actor; readonly because: string } | null
  /** Blue-green: who serves. */
  readonly serving: Arm
  /** Requests count from here: what was seen of another candidate, or before it was rolled back or its evidence was lost, does not. */
  readonly openedAt: Instant
  /** How often evidence began again since the rollout was opened. */
  readonly restarts: number
  /** Whether a GO led to this stage, and not a person's word alone. */
  readonly isByGo: boolean
}
