// A process that holds a store and writes to it until it is killed. Arguments: file, what to do.

import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Fault } from '../../src/core/fault.ts'
import { openStore } from '../../src/store/store.ts'
import { attemptOf, recordOf, replyOf, runOf } from './nouns.ts'
import { snapshotIn } from './snapshots.ts'

const [path = '', task = 'hold'] = process.argv.slice(2)
const store = await openStore(path)
const rethrow = (error: unknown) => {
  throw error
}
const codeOf = (error: unknown) => (error instanceof Fault ? error.code : String(error))

if (task === 'write') {
  const ids = Array.from({ length: 100_000 }, (_, index) => `r${index}`)
  await store.addRecords(ids.slice(0, 10).map((id) => recordOf(id)))
  await store.createRun({ run: runOf('run'), status: 'running', fingerprint: 'f' }, [])
  const writer = await store.createAttemptWriter('run', rethrow)
  let written = 0
  // Far more in a second than a flush waits for, and 240 at a time: a flush by their number falls between two lines of output.
  setInterval(() => {
    for (let count = 0; count < 240; count++) writer.write(attemptOf(`r${written}`, { ordinal: written++ }))
    process.stdout.write(`${written}\n`)
  }, 5)
} else if (task === 'trickle') {
  await store.createRun({ run: runOf('run'), status: 'running', fingerprint: 'f' }, [])
  const writer = await store.createAttemptWriter('run', rethrow)
  for (let count = 0; count < 7; count++) writer.write(attemptOf(`r${count}`, { ordinal: count }))
  // Queries see what was flushed, and nothing else.
  while ((await store.progressOf('run')).done.size < 7) await setTimeout(10)
  process.stdout.write('flushed\n')
} else if (task === 'fill') {
  await store.createRun({ run: runOf('run'), status: 'running', fingerprint: 'f' }, [])
  const told: string[] = []
  const writer = await store.createAttemptWriter('run', (error) => told.push(codeOf(error)))
  for (let count = 0; count < 20_000; count++) {
    // Texts that do not compress away.
    const text = Array.from({ length: 40 }, () => Math.random().toString(36)).join('')
    writer.write(attemptOf(`r${count}`, { ordinal: count, outcome: replyOf({ text }) }))
  }
  let closed = 'well'
  try {
    writer.close()
  } catch (error) {
    closed = codeOf(error)
  }
  process.stdout.write(`${JSON.stringify([told, closed])}\n`)
} else if (task === 'import') {
  // The folder's files are named by their tables; it stops in the middle of the transaction, for whoever kills it.
  await store.readSnapshot(snapshotIn(process.argv[4] ?? ''), (name) => {
    process.stdout.write(`${name}\n`)
    if (name === 'verdict') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })
} else if (task === 'rewrite') {
  const rewritten = await store.rewriteWithout(
    { textsBefore: '2026-11-02T00:00:00.000Z', attemptsBefore: null },
    '2026-11-10T00:00:00.000Z',
  )
  process.stdout.write('written\n')
  // Goes on when it is told to.
  await once(process.stdin, 'data')
  await rewritten.put()
  process.stdout.write('put\n')
} else {
  process.stdout.write('held\n')
}
// Keeps the process, and with it the lock.
setInterval(() => {}, 60_000)
