// The script of the HTML report's page, as the build made it.

import { readFileSync } from 'node:fs'

/** Beside the built command, or of the last build where the command runs from its source; null where nobody has built it. */
export function pageScript(): string | null {
  for (const place of ['../../report/page.js', '../../../dist/report/page.js']) {
    try {
      return readFileSync(new URL(place, import.meta.url), 'utf8')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  return null
}
