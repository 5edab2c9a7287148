// The settings of the gate: rules and how they are judged.

import { z } from 'zod'
import { defaultLookPolicy, driftMargins, rolloutPolicy } from '../../gate/policy.ts'
import { about, share } from './about.ts'
import { margin } from './margin.ts'

const rule = z.strictObject({
  metric: z.string().meta(about('What the rule is about')),
  segment: z.strictObject({ key: z.string(), value: z.string() }).optional().meta(about('For this segment alone')),
  margin: margin
    .optional()
    .meta(about('How much worse is too much: 20% of a ratio, 1% is one percentage point of a share')),
  severity: z
    .enum(['block', 'investigate', 'warn', 'off'])
    .optional()
    .meta(about('What a broken rule does; off removes it')),
  mode: z
    .enum(['worse', 'difference', 'either-way', 'both-ways'])
    .optional()
    .meta(about('Fails when worse by the margin, worse at all, different, or different by the margin')),
  stage: z
    .enum(['replay', 'canary'])
    .optional()
    .meta(about('Where the rule is decided: offline and again among users, or among users alone')),
  canary: z
    .enum(['block', 'investigate', 'warn', 'off'])
    .optional()
    .meta(
      about(
        'What a broken rule does among users, where that is not its severity: block rolls back, investigate keeps the ramp at its stage, off leaves it to the replay',
      ),
    ),
})

export const gate = z.strictObject({
  extends: z
    .enum(['rollout', 'none'])
    .default('rollout')
    .meta(about('The policy that the rules below change or add to', 'word')),
  level: z
    .number()
    .gt(0.5)
    .lt(1)
    .default(rolloutPolicy.level)
    .meta(about('Confidence of each one-sided limit', 'share')),
  segments: z.array(z.string()).default([]).meta(about('Segment keys that get verdicts of their own', 'keys')),
  rules: z
    .array(rule)
    .default([])
    .meta(about('Rules; one with the metric and segment of an inherited rule changes it')),
  expectRefusal: z
    .array(z.strictObject({ key: z.string(), value: z.string() }))
    .default([])
    .meta(
      about('Segments whose requests are to be refused: fewer refusals than in production are the regression there'),
    ),
  hold: z
    .boolean()
    .default(rolloutPolicy.hold)
    .meta(
      about('Whether a failed rule to investigate by holds a GO (exit status 2) until a person has looked', 'bool'),
    ),
  earlyStop: z
    .boolean()
    .default(true)
    .meta(
      about(
        'Whether the replay is looked at as it goes on, each look paid for in certainty, and ends once decided',
        'bool',
      ),
    ),
  failFast: z
    .boolean()
    .default(defaultLookPolicy.failFast)
    .meta(about('Whether the first blocking rule that is shown to be broken ends the replay', 'bool')),
  minMinutes: z
    .number()
    .min(0)
    .default(defaultLookPolicy.minMinutes)
    .meta(about('The replay goes on for at least so long before it may end early', 'minutes')),
  drift: z
    .strictObject({
      severity: z
        .enum(['investigate', 'warn', 'off'])
        .default('warn')
        .meta(
          about(
            'Whether production still answers as the log has it: investigate holds a GO where it does not, off does not ask',
            'word',
          ),
        ),
      margin: margin
        .default(driftMargins['text-similarity'] ?? 0.05)
        .meta(about('How much less alike, beyond its own noise, is too much', 'share')),
    })
    .prefault({}),
  nights: z
    .int()
    .min(1)
    .default(1)
    .meta(
      about(
        'Spreads the error rate of a GO over so many nights on one swap: each needs more evidence, and all together err no more often than one',
        'count',
      ),
    ),
  maxExcluded: share
    .default(rolloutPolicy.maxExcluded)
    .meta(about('A larger share of excluded pairs makes the run INVALID', 'share')),
})
