// Stores of tests: real files in folders that go when the test ends, and processes that hold one.

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { onTestFinished } from 'vitest'
import { openStore, type Store } from '../../src/store/store.ts'
import { temporaryFolder } from './cli.ts'

const script = fileURLToPath(new URL('store-child.ts', import.meta.url))

export function storePath(): string {
  return join(temporaryFolder(), 'store.duckdb')
}

/** Opens a store until the test ends. */
export async function openedStore(path = storePath()): Promise<Store> {
  const store = await openStore(path)
  let isOpen = true
  const close = () => {
    if (isOpen) store.close()
    isOpen = false
  }
  onTestFinished(close)
  return { ...store, close }
}

/** Asks a closed store, as the duckdb command line would; `access` lets a question change it. */
export async function askDuckdb(path: string, sql: string, access: 'READ_ONLY' | 'READ_WRITE' = 'READ_ONLY') {
  const instance = await DuckDBInstance.create(path, { access_mode: access })
  const connection = await instance.connect()
  try {
    return await (await connection.run(sql)).getRowObjectsJS()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** The columns of a table, a view or a quoted file, with their types. */
export async function columnsIn(path: string, from: string): Promise<string[]> {
  const rows = await askDuckdb(
    path,
    `SELECT column_name || ' ' || column_type AS said FROM (DESCRIBE FROM ${from})`,
    path === ':memory:' ? 'READ_WRITE' : 'READ_ONLY',
  )
  return rows.map((row) => (typeof row['said'] === 'string' ? row['said'] : ''))
}

/** Starts a process that does `task` with the store; resolves at each line that it says, until it is killed. */
export function startStoreChild(
  path: string,
  task: 'hold' | 'write' | 'trickle' | 'fill' | 'import' | 'rewrite',
  options: { limitKb?: number; from?: string } = {},
) {
  const node = [process.execPath, script, path, task, ...(options.from === undefined ? [] : [options.from])]
  // A file larger than the limit fails to be written, as on a full disk; `sh` counts it in blocks of 512 bytes.
  const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f ${2 * (options.limitKb ?? 0)}; exec "$0" "$@"`, ...node]
  const [command = '', ...args] = options.limitKb === undefined ? node : limited
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [said, errors] = ['', '']
  const listeners = new Set<() => void>()
  const lines = () => said.split('\n').slice(0, -1)
  child.stdout?.on('data', (text: Buffer) => {
    said += text.toString()
    for (const listener of listeners) listener()
  })
  child.stderr?.on('data', (text: Buffer) => (errors += text.toString()))
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    pid: child.pid,
    lines,
    /** Resolves with the last line as soon as one satisfies the condition. */
    until: (isEnough: (line: string) => boolean) =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          const last = lines().at(-1)
          if (last !== undefined && isEnough(last)) resolve(last)
        }
        listeners.add(look)
        void gone.then(() => reject(new Error(`the child ended: ${errors}`)))
        look()
      }),
    goOn: () => void child.stdin?.write('\n'),
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** For writers that are not to fail. */
export function rethrow(error: unknown): never {
  throw error
}

export async function gather<T>(chunks: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = []
  for await (const chunk of chunks) all.push(...chunk)
  return all
}
