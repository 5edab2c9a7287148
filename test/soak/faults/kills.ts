// Kills: SIGKILL in each stage of a night, and SIGTERM.

import { existsSync, readdirSync } from 'node:fs'
import type { Fault } from '../fault.ts'
import { atChat, atProbe, atStage, isLarger, killed, midway } from '../moments.ts'

export const kills: readonly Fault[] = [
  {
    name: 'kill-ingest',
    what: 'kill -9 while the logs are read into the store',
    comesTo: ['killed'],
    strike: (scene, job) => {
      atProbe(scene, () => {
        const wal = `${scene.paths.store}.wal`
        job.onceSo(() => isLarger(wal, 4096), killed(scene, job))
      })
    },
  },
  {
    name: 'kill-replay',
    what: 'kill -9 in the middle of the replay',
    comesTo: ['killed'],
    strike: (scene, job) => atChat(scene, midway(scene), killed(scene, job)),
  },
  {
    name: 'kill-score',
    what: 'kill -9 when the replay that went on has ended and its pairs are measured',
    comesTo: ['killed'],
    strike: (scene, job) => atStage(scene, job, 'score', killed(scene, job)),
  },
  {
    name: 'kill-gate',
    what: 'kill -9 while the gate decides',
    comesTo: ['killed'],
    strike: (scene, job) => atStage(scene, job, 'gate', killed(scene, job)),
  },
  {
    name: 'kill-report',
    what: 'kill -9 while the reports are written',
    comesTo: ['killed'],
    strike: (scene, job) => {
      const { reports } = scene.paths
      const foldersNow = () => (existsSync(reports) ? readdirSync(reports).length : 0)
      const before = foldersNow()
      job.onceSo(() => foldersNow() > before, killed(scene, job))
    },
  },
  {
    name: 'kill-gc',
    what: 'kill -9 while retention writes the store anew',
    nightsBefore: 7,
    comesTo: ['killed'],
    strike: (scene, job) => job.onceSo(() => existsSync(`${scene.paths.store}.rewritten`), killed(scene, job)),
  },
  {
    name: 'sigterm',
    what: 'SIGTERM in the middle of the replay',
    comesTo: ['INTERRUPTED'],
    strike: (scene, job) =>
      atChat(scene, midway(scene), () => {
        job.kill('SIGTERM')
        scene.struck()
      }),
  },
]
