// A YAML file as JSON, and where in the file each of its values stands.

import { readFileSync } from 'node:fs'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { Fault, thrownMessage } from '../../core/fault.ts'
import type { Json } from '../../core/types.ts'

export interface YamlFile {
  readonly value: Json
  /** `12:3`, line and column from 1, of the nearest value on the way to a path that the file has; null for an empty file. */
  readonly positionOf: (path: readonly PropertyKey[]) => string | null
}

/** `shown` is the file's name in messages. Faults: CONFIG_MISSING, BAD_CONFIG. */
export function readYamlFile(file: string, shown: string): YamlFile {
  const lines = new LineCounter()
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${line}:${col}`
  }
  const document = parseDocument(readText(file, shown), { lineCounter: lines, prettyErrors: false, merge: true })
  const [error] = document.errors
  if (error) {
    const message = error.code === 'MULTIPLE_DOCS' ? 'a config is one YAML document' : error.message
    throw new Fault('BAD_CONFIG', message, { place: `${shown}:${position(error.pos[0])}` })
  }
  return {
    value: valueOf(document, shown),
    positionOf: (path) => {
      const start = nearestStart(document, path)
      return start === null ? null : position(start)
    },
  }
}

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const message = isMissing ? 'there is no such config' : `the config can't be read: ${String(cause)}`
    throw new Fault('CONFIG_MISSING', message, { place: shown, cause })
  }
}

function valueOf(document: Document, shown: string): Json {
  try {
    // Through JSON, so that an alias (`*name`) is a copy, and one within its own anchor is found out.
    const value: Json = JSON.parse(JSON.stringify(document.toJS() ?? {}))
    return value
  } catch (cause) {
    const [why] = thrownMessage(cause).split('\n')
    throw new Fault('BAD_CONFIG', `an alias can't be resolved: ${why}`, { place: shown, cause })
  }
}

/** A missing setting is reported at its parent. */
function nearestStart(document: Document, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length > 0; length--) {
    const start = startOf(document, path.slice(0, length))
    if (start !== null) return start
  }
  return null
}

/** Offset of a setting: of its key, since a section itself begins on the line below. */
function startOf(document: Document, path: readonly PropertyKey[]): number | null {
  const name = String(path.at(-1))
  const parent = document.getIn(path.slice(0, -1), true)
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined
  const node = pair?.key ?? document.getIn(path, true)
  return isNode(node) ? (node.range?.[0] ?? null) : null
}
