// Every case, table by table.

import type { Case } from '../study.ts'
import { canaryCases } from './canary.ts'
import { cacheCases } from './canary-caches.ts'
import { strataCases } from './canary-strata.ts'
import { dependenceCases } from './dependence.ts'
import { driftCases } from './drift.ts'
import { meanCases } from './means.ts'
import { nightCases } from './nights.ts'
import { quantileCases } from './quantiles.ts'
import { segmentCases } from './segments.ts'
import { shareCases } from './shares.ts'
import { textCases } from './texts.ts'
import { timeoutCases } from './timeouts.ts'
import { gateCases } from './whole-gate.ts'

export const cases: readonly Case[] = [
  ...quantileCases,
  ...meanCases,
  ...shareCases,
  ...dependenceCases,
  ...gateCases,
  ...segmentCases,
  ...textCases,
  ...timeoutCases,
  ...driftCases,
  ...nightCases,
  ...strataCases,
  ...cacheCases,
  ...canaryCases,
]
