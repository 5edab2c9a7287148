// Logs that are rotated, doubled, cut, spoilt, or do not come.

import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Fault } from '../fault.ts'
import { atProbe } from '../moments.ts'

export const logs: readonly Fault[] = [
  {
    name: 'rotated-while-read',
    what: 'the log is renamed and a new one begun between listing and reading',
    comesTo: ['judged'],
    isRacing: true,
    strike: (scene) =>
      atProbe(scene, () => {
        scene.traffic.rotate()
        writeFileSync(scene.traffic.current, '')
        scene.struck()
      }),
  },
  {
    name: 'gzip-twin',
    what: 'the log of the day is there twice, plain and compressed',
    comesTo: ['judged'],
    prepare: (scene) => {
      const { current, folder } = scene.traffic
      writeFileSync(join(folder, 'copy.jsonl.gz'), gzipSync(readFileSync(current)))
      scene.struck()
    },
  },
  {
    name: 'truncated-log',
    what: 'the log of the day is cut in the middle of a line',
    comesTo: ['judged'],
    prepare: (scene) => {
      const { current } = scene.traffic
      truncateSync(current, Math.round(readFileSync(current).length * (0.5 + scene.random.unit() / 3)))
      scene.struck()
    },
    // What is written next begins a line of its own, as from a process that started anew.
    mend: ({ traffic }) => appendFileSync(traffic.current, '\n'),
  },
  {
    name: 'corrupt-file',
    what: 'noise and half an archive lie among the logs',
    comesTo: ['judged'],
    prepare: (scene) => {
      const { current, folder } = scene.traffic
      const noise = Uint8Array.from({ length: 20_000 }, () => scene.random.below(256))
      writeFileSync(join(folder, 'core.jsonl'), noise)
      const whole = gzipSync(readFileSync(current))
      writeFileSync(join(folder, 'half.jsonl.gz'), whole.subarray(0, whole.length >> 1))
      scene.struck()
    },
  },
  {
    name: 'no-log',
    what: 'no log came',
    comesTo: ['nothing-new'],
    isIdle: true,
    prepare: (scene) => scene.struck(),
  },
]
