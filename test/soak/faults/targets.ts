// Targets that are down, refuse, hang, or answer in halves; and candidates that change.

import type { Fault } from '../fault.ts'
import { midway } from '../moments.ts'

export const targets: readonly Fault[] = [
  {
    name: 'target-down',
    what: 'production is down the whole night',
    comesTo: ['TARGET_UNREACHABLE'],
    prepare: async (scene) => {
      await scene.production.goDown()
      scene.struck()
    },
    mend: ({ production }) => production.comeBack(),
  },
  {
    name: 'quota',
    what: 'from the middle on the candidate answers 429, for ever',
    comesTo: ['TARGET_UNREACHABLE'],
    strike: (scene) => {
      scene.candidate.behaviour = { kind: 'quota', from: Math.round(midway(scene) / 2) }
      scene.struck()
    },
  },
  {
    name: 'hangs',
    what: 'the last twentieth of the candidate’s answers never comes',
    comesTo: ['judged'],
    decision: 'NO-GO',
    strike: (scene) => {
      scene.candidate.behaviour = { kind: 'hangs', from: Math.round(scene.calls * 0.475) }
      scene.struck()
    },
  },
  {
    name: 'half-frames',
    what: 'streams come in pieces cut anywhere, and one in twenty-four ends within an event at its first try',
    comesTo: ['judged'],
    strike: (scene) => {
      scene.production.behaviour = { kind: 'half-frames' }
      scene.candidate.behaviour = { kind: 'half-frames' }
      scene.struck()
    },
  },
  {
    name: 'other-candidate',
    what: 'the config names another candidate from now on',
    comesTo: ['judged'],
    prepare: (scene) => {
      scene.configure({ candidateModel: 'gpt-4-0613-b' })
      scene.struck()
    },
  },
  {
    name: 'worse',
    what: 'from now on the candidate answers as GPT-4 of June 2023 did',
    comesTo: ['judged'],
    prepare: (scene) => {
      scene.candidate.model = 'worse'
      scene.struck()
    },
  },
]
