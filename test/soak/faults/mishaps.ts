// What else happens to a job that nobody watches: another one beside it, clocks that are set, a torn journal.

import { existsSync, readFileSync, truncateSync } from 'node:fs'
import type { Fault } from '../fault.ts'
import { atChat, killed, midway } from '../moments.ts'

const hourMs = 3_600_000

export const mishaps: readonly Fault[] = [
  {
    name: 'second-starter',
    what: 'another job is started while the first replays',
    comesTo: ['judged'],
    strike: (scene) =>
      atChat(scene, midway(scene), () => {
        scene.startBeside(['STORE_LOCKED'])
        scene.struck()
      }),
  },
  {
    name: 'clock-back',
    what: 'the job ran, the clock is set back by an hour, and the job runs again before the time of the first',
    comesTo: ['judged'],
    again: { clockOffMs: 10 * 60_000 - hourMs, calls: 330 },
    prepare: (scene) => scene.struck(),
  },
  {
    name: 'clock-forward',
    what: 'the clock is a day ahead, until the morning',
    comesTo: ['judged'],
    clockOffMs: 24 * hourMs,
    prepare: (scene) => scene.struck(),
  },
  {
    name: 'torn-journal',
    what: 'the last line of the journal of nights is torn',
    comesTo: ['judged'],
    prepare: (scene) => {
      const { journal } = scene.paths
      if (!existsSync(journal)) return
      truncateSync(journal, readFileSync(journal).length - 20)
      scene.struck()
    },
  },
  {
    name: 'worse-untold',
    what: 'the candidate gets worse, and kill -9 comes while retention tidies up, before anybody is told',
    nightsBefore: 7,
    comesTo: ['killed'],
    prepare: (scene) => {
      scene.candidate.model = 'worse'
    },
    strike: (scene, job) => job.onceSo(() => existsSync(`${scene.paths.store}.rewritten`), killed(scene, job)),
  },
]
