// Where the store lies: a small file system of its own that can be full and read-only, or, without the right to mount one, limits.

import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface Disk {
  /** How a full disk is made, for the report. */
  readonly kind: 'tmpfs' | 'file size limit'
  /** From now on the process can write no more than so many bytes. */
  readonly fill: (pid: number, leftBytes: number) => void
  readonly free: () => void
  /** Lets nothing be written into a folder until `allow`. False where it can't be done: root may write whatever permissions say. */
  readonly forbid: (folder: string) => boolean
  readonly allow: (folder: string) => void
  readonly remove: () => void
}

export interface DiskOptions {
  /** A folder that is there. */
  readonly data: string
  readonly megabytes: number
  /** Whether a file system is mounted where that is allowed. */
  readonly mayMount: boolean
}

export function createDisk({ data, megabytes, mayMount }: DiskOptions): Disk {
  const isMounted = mayMount && quietly('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', data)
  return isMounted ? mounted(data) : limited()
}

function mounted(data: string): Disk {
  const ballast = join(data, '.ballast')
  const free = () => rmSync(ballast, { force: true })
  const remove = () => {
    process.off('exit', remove)
    quietly('umount', '--lazy', data)
  }
  process.once('exit', remove)
  return {
    kind: 'tmpfs',
    fill: (_pid, leftBytes) => {
      const { bavail, bsize } = statfsSync(data)
      write(ballast, Math.max(0, bavail * bsize - leftBytes))
    },
    free,
    // Its own files over themselves, read-only.
    forbid: (folder) => quietly('mount', '--bind', folder, folder) && quietly('mount', '-o', 'remount,bind,ro', folder),
    allow: (folder) => void quietly('umount', folder),
    remove,
  }
}

function limited(): Disk {
  const isRoot = process.getuid?.() === 0
  return {
    kind: 'file size limit',
    fill: (pid, leftBytes) => void quietly('prlimit', `--pid=${pid}`, `--fsize=${leftBytes}:${leftBytes}`),
    free: () => {},
    forbid: (folder) => {
      if (!isRoot) chmodSync(folder, 0o555)
      return !isRoot
    },
    allow: (folder) => chmodSync(folder, 0o755),
    remove: () => {},
  }
}

function quietly(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function write(path: string, bytes: number): void {
  const block = Buffer.alloc(1 << 16)
  const file = openSync(path, 'a')
  try {
    for (let left = bytes; left > 0; left -= block.length) writeSync(file, block, 0, Math.min(left, block.length))
  } catch {
    // No space left: as wanted.
  } finally {
    closeSync(file)
  }
}
