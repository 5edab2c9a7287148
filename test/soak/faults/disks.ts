// Disks that are full, or that nothing may be written to.

import type { Fault } from '../fault.ts'
import { atChat, atProbe, atStage, midway } from '../moments.ts'

export const disks: readonly Fault[] = [
  {
    name: 'disk-full-ingest',
    what: 'the disk is full when the logs are read',
    comesTo: ['STORE_UNWRITABLE'],
    strike: (scene, job) =>
      atProbe(scene, () => {
        scene.disk.fill(job.pid, 1 << 14)
        scene.struck()
      }),
    fillsDisk: true,
    mend: ({ disk }) => disk.free(),
  },
  {
    name: 'disk-full-replay',
    what: 'the disk gets full in the middle of the replay',
    comesTo: ['STORE_UNWRITABLE'],
    strike: (scene, job) =>
      atChat(scene, midway(scene), () => {
        scene.disk.fill(job.pid, 0)
        scene.struck()
      }),
    fillsDisk: true,
    mend: ({ disk }) => disk.free(),
  },
  {
    name: 'disk-full-gate',
    what: 'the disk is full when the verdict is to be stored',
    // What DuckDB's log still has room for is stored; the reports have none.
    comesTo: ['STORE_UNWRITABLE', 'REPORT_UNWRITABLE'],
    strike: (scene, job) =>
      atStage(scene, job, 'gate', () => {
        scene.disk.fill(job.pid, 0)
        scene.struck()
      }),
    fillsDisk: true,
    mend: ({ disk }) => disk.free(),
  },
  {
    name: 'reports-read-only',
    what: 'the folder of reports can’t be written from the middle of the replay on',
    comesTo: ['REPORT_UNWRITABLE'],
    strike: (scene) =>
      atChat(scene, midway(scene), () => {
        if (scene.disk.forbid(scene.paths.reports)) scene.struck()
        else scene.note('not possible here: root writes wherever it likes')
      }),
    mend: ({ disk, paths }) => disk.allow(paths.reports),
  },
]
