// Golden files: compared as they are; UPDATE_GOLDEN=1 writes them anew, and git shows the difference.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

/** The golden text in a file, for instance `new URL('golden/help.txt', import.meta.url)`; UPDATE_GOLDEN=1 makes it `actual` first. */
export function goldenText(file: URL, actual: string): string {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, actual)
  }
  return readFileSync(file, 'utf8')
}
