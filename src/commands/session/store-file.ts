// The store's file: its size, and the files that are kept beside it under its name.

import { statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

/** `reports/shadowgate.duckdb`, "nights.jsonl" → `reports/shadowgate.nights.jsonl` */
export function besideStore(storePath: string, ending: string): string {
  return join(dirname(storePath), `${basename(storePath, extname(storePath))}.${ending}`)
}

/** null where there is none. */
export function storeBytes(storePath: string): number | null {
  return statSync(storePath, { throwIfNoEntry: false })?.size ?? null
}
