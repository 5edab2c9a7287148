// A folder with a log and a config, in which the built command line is run as users run it.

import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ChildOptions, type ChildResult, runChild } from './child.ts'
import { writeLog } from './logs.ts'
import { type Mock, models } from './mock.ts'

export interface Workspace extends Disposable {
  readonly folder: string
  readonly log: string
  readonly store: string
  /** The build that is measured. */
  readonly cli: string
  /** Writes the config anew. */
  readonly configure: (settings: WorkspaceSettings) => void
  readonly shadowgate: (args: readonly string[], options?: Partial<ChildOptions>) => Promise<ChildResult>
  /** Keeps a copy of the store as it is now. */
  readonly keepStore: () => void
  /** Puts the kept store back. */
  readonly restoreStore: () => void
  readonly removeStore: () => void
}

export interface WorkspaceSettings {
  readonly mock: Mock
  readonly pairs: number
  /** Requests in flight at most, of both arms together. */
  readonly concurrency: number
  readonly stream?: boolean
}

const builtCli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))

/** Every decision is an end that a bench may come to. */
const decided = [0, 1, 2, 3]

/** `cli` is another build of the command line, to compare with. */
export function createWorkspace({ lines, cli = builtCli }: { lines: number; cli?: string | undefined }): Workspace {
  if (!existsSync(cli)) throw new Error(`${cli} is missing: npm run build`)
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-bench-'))
  const [log, store, kept] = [join(folder, 'log.jsonl'), join(folder, 'store.duckdb'), join(folder, 'kept.duckdb')]
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  writeLog(log, lines)
  const removeStore = () => {
    for (const file of [store, `${store}.wal`]) rmSync(file, { force: true })
  }
  return {
    folder,
    log,
    store,
    cli,
    configure: (settings) => writeFileSync(join(folder, 'shadowgate.yaml'), JSON.stringify(configOf(settings))),
    shadowgate: (args, options) =>
      runChild([cli, ...args], { cwd: folder, env: ownSettings(), statuses: decided, ...options }),
    keepStore: () => copyFileSync(store, kept),
    restoreStore: () => {
      removeStore()
      copyFileSync(kept, store)
    },
    removeStore,
    [Symbol.dispose]: () => {
      process.off('exit', remove)
      remove()
    },
  }
}

/** JSON is YAML too. */
function configOf({ mock, pairs, concurrency, stream = false }: WorkspaceSettings) {
  const target = (arm: 'production' | 'candidate') => ({
    api: 'openai-chat',
    baseUrl: `http://127.0.0.1:${mock.ports[arm]}/v1`,
    model: models[arm],
    concurrency: Math.max(1, Math.round(concurrency / 2)),
  })
  return {
    store: 'store.duckdb',
    logs: [{ path: 'log.jsonl' }],
    sample: { size: pairs, seed: 7 },
    targets: { production: target('production'), candidate: target('candidate') },
    replay: { noise: 0, warmUp: 0, stream: stream ? 'always' : 'never' },
    report: { dir: 'reports' },
  }
}

/** `SHADOWGATE_…` variables reach the command line: a bench of a setting needs no change here. */
function ownSettings(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SHADOWGATE_')))
}
