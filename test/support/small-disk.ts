// A file system of a fixed size, in memory: for root, where it may mount.

import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Looked up on the machine: no package brings them. */
const programs = { mount: 'mount', unmount: 'umount' }

export const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-'))
  try {
    mount(folder, '1m')
    execFileSync(programs.unmount, [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})()

function mount(path: string, size: string): void {
  execFileSync(programs.mount, ['-t', 'tmpfs', '-o', `size=${size}`, 'none', path], { stdio: 'ignore' })
}

/** `<folder>/disk`, until the test ends; whoever uses it must have ended by then. */
export function mountDisk(folder: string, size: string): string {
  const path = join(folder, 'disk')
  mkdirSync(path)
  mount(path, size)
  onTestFinished(() => void execFileSync(programs.unmount, ['-l', path]))
  return path
}

/** Takes what is left of a disk, to its last byte. Gives what makes room again. */
export function fill(disk: string): () => void {
  const path = join(disk, 'filler')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(4096)
  try {
    for (;;) writeSync(file, block)
  } catch {
    // That it stops for want of space is what it is for.
  } finally {
    closeSync(file)
  }
  return () => rmSync(path)
}
