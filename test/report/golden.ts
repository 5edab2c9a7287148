// Golden files: compared as they are; UPDATE_GOLDEN=1 writes them anew, and git shows the difference.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The golden text of a file beside this one; with UPDATE_GOLDEN=1 it becomes `actual` first. */
export function golden(path: string, actual: string): string {
  const file = fileURLToPath(new URL(path, import.meta.url))
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, actual)
  }
  return readFileSync(file, 'utf8')
}
