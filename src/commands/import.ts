// `shadowgate import`: reads a run that was exported into the store, which may be empty.

import { resolve } from 'node:path'
import type { Command } from './command.ts'
import { readFolder } from './export/snapshot-folder.ts'
import { openSession, requireWritable, stopIfAsked, withStore } from './session/session.ts'

export const importCommand = {
  examples: ['shadowgate import archive/last-night', 'shadowgate import handover --store handover.duckdb'],
  settings: ['store'],
  argument: { name: '<folder>', description: 'A folder that shadowgate export wrote' },
  flags: [],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireWritable(session)
    let reading = 'the manifest'
    const onTable = (name: string) => {
      stopIfAsked(session)
      reading = name
    }
    const { snapshot, outcome } = await session.progress.during(
      () => `import   ${reading}`,
      async () => {
        // Before the store, which would be made.
        const found = await readFolder(resolve(world.cwd, invocation.word ?? ''))
        return { snapshot: found, outcome: await withStore(session, (store) => store.readSnapshot(found, onTable)) }
      },
    )
    const { run, decision } = snapshot
    const added = outcome === 'added' ? 'imported' : 'in the store already, the same in every table'
    const result = { run, decision, isNew: outcome === 'added', store: session.storePath }
    world.stdout(invocation.isJson ? JSON.stringify(result) : `${decision}, run ${run}: ${added}`)
    return 0
  },
} satisfies Command
