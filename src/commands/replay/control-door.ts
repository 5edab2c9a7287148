// How other terminals reach a running replay: a socket beside the store, which only its owner may open.

import { createHash } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Fault, thrownMessage } from '../../core/fault.ts'

/** What can be asked of a replay; `concurrency` for one arm or both. */
export type ControlRequest =
  | { readonly action: 'status' | 'pause' | 'resume' | 'stop' }
  | {
      readonly action: 'concurrency'
      readonly production: number | null
      readonly candidate: number | null
    }

/** Longer paths are refused by the system: 104 bytes on macOS, 108 on Linux. */
const longestPath = 100

/** The same for every process that has this store's path. */
export function controlPath(storePath: string): string {
  const name = createHash('sha256').update(storePath).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\shadowgate-${name}`
  const beside = join(dirname(storePath), `.${basename(storePath)}.control`)
  return Buffer.byteLength(beside) <= longestPath ? beside : join(tmpdir(), `shadowgate-${name}.control`)
}

export interface ControlDoor {
  readonly close: () => void
}

/**
 * Answers requests, one JSON line each, until it is closed. `answer` gives what is sent back. The store's lock makes sure that
 * there is one replay at a time, so a socket that is there already was left by a kill. A door that can't be opened (a folder
 * without sockets) stops no replay: `onTrouble` is told.
 */
export async function openControlDoor(
  storePath: string,
  answer: (request: ControlRequest) => Promise<object>,
  onTrouble: (message: string) => void,
): Promise<ControlDoor> {
  const path = controlPath(storePath)
  if (process.platform !== 'win32') rmSync(path, { force: true })
  const server = createServer((socket) => {
    let heard = ''
    socket.on('error', () => {})
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text
      const end = heard.indexOf('\n')
      if (end < 0) {
        if (heard.length > 4096) socket.destroy()
        return
      }
      void answerTo(heard.slice(0, end), answer).then((told) => socket.end(`${JSON.stringify(told)}\n`))
    })
  })
  try {
    await listening(server, path)
  } catch (error) {
    onTrouble(`no other terminal can reach this replay: ${thrownMessage(error)}`)
    return { close: () => {} }
  }
  // It must not keep the process alive.
  server.unref()
  return {
    close: () => {
      server.close()
      if (process.platform !== 'win32') rmSync(path, { force: true })
    },
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      if (process.platform !== 'win32') chmodSync(path, 0o600)
      resolve()
    })
  })
}

async function answerTo(line: string, answer: (request: ControlRequest) => Promise<object>): Promise<object> {
  try {
    return await answer(JSON.parse(line) as ControlRequest)
  } catch (error) {
    return { error: thrownMessage(error) }
  }
}

/** Asks the replay that runs on a store. Fault: NOT_RUNNING. */
export function askReplay(storePath: string, request: ControlRequest): Promise<object> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlPath(storePath))
    let heard = ''
    const nobody = () => reject(new Fault('NOT_RUNNING', 'no replay is running on this store', { place: storePath }))
    socket.on('error', nobody)
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
    socket.on('close', () => {
      try {
        resolve(JSON.parse(heard) as object)
      } catch {
        nobody()
      }
    })
  })
}
