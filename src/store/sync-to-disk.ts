// Waits until a file, or a folder's list of names, is on the disk and not only in the machine's memory.

import { closeSync, fsyncSync, openSync } from 'node:fs'

export function syncToDisk(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
