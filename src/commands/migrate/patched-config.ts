// A patch as lines of the config: a snippet to paste, and the file with the lines in it, its comments kept.

import { diffArrays } from 'diff'
import { Document, isMap, isNode, parseDocument, type YAMLMap } from 'yaml'
import { Fault } from '../../core/fault.ts'
import type { Json } from '../../core/types.ts'
import type { Patch } from '../../migrate/patch.ts'

const section = ['targets', 'candidate'] as const

/** Long lines stay long: what the user wrapped by hand, or did not, is theirs. */
const style = { lineWidth: 0 } as const

export function snippetOf(patch: Patch): string {
  const document = new Document({})
  addLines(document, patch, 'the snippet')
  return document.toString(style)
}

/** The config's text with the patch in it. Fault: BAD_CONFIG where the file can't be changed without changing more. */
export function patchedText(text: string, patch: Patch, file: string): string {
  const document = parseDocument(text, { merge: true })
  const before: Json = document.toJS()
  addLines(document, patch, file)
  const patched = asWritten(text, parseDocument(text, { merge: true }).toString(style), document.toString(style))
  const after: Json = parseDocument(patched, { merge: true }).toJS()
  // An alias or a merged section may stand for more than this target.
  if (JSON.stringify(sortedKeys(after)) !== JSON.stringify(sortedKeys(withPatch(before, patch))))
    throw unchangeable(file)
  return patched
}

/** The patched text with the lines that the patch leaves alone as the user wrote them: a printer has a taste of its own. */
function asWritten(text: string, printed: string, patched: string): string {
  const [own, before] = [text.split('\n'), printed.split('\n')]
  if (own.length !== before.length) return patched
  let at = 0
  const lines = diffArrays(before, patched.split('\n')).flatMap(({ added, removed, value }) => {
    if (added) return value
    at += value.length
    return removed ? [] : own.slice(at - value.length, at)
  })
  return lines.join('\n')
}

function addLines(document: Document, { rename, overrides }: Patch, file: string): void {
  const lines = [
    ...rename.map((line) => ({ ...line, key: 'rename', value: line.to as Json })),
    ...overrides.map((line) => ({ ...line, key: 'overrides', value: line.value })),
  ]
  for (const { key, field, value, why, source, records } of lines) {
    const pair = document.createPair(field, value)
    pair.key.commentBefore = ` ${records} ${records === 1 ? 'record' : 'records'}: ${why}\n ${source}`
    const map = mapAt(document, [...section, key], file)
    if (map.has(field) && (map.get(field) ?? null) === value) continue
    map.delete(field)
    map.add(pair)
  }
}

/** The mapping at a path, made where nothing is there. */
function mapAt(document: Document, path: readonly string[], file: string): YAMLMap {
  for (let length = 1; length <= path.length; length++) {
    const here = path.slice(0, length)
    const node = document.getIn(here, true) ?? null
    if (isMap(node)) {
      // Between braces there is no room for reasons.
      if (length >= section.length) node.flow = false
      continue
    }
    if (node !== null && document.getIn(here) !== null) throw unchangeable(file)
    const made = document.createNode({})
    // An empty section may have a remark of its own.
    if (isNode(node)) made.comment = node.comment ?? null
    document.setIn(here, made)
  }
  const map = document.getIn(path, true)
  if (!isMap(map)) throw unchangeable(file)
  return map
}

function unchangeable(file: string): Fault {
  return new Fault('BAD_CONFIG', 'targets.candidate, or a part of it, stands elsewhere in the file (an alias)', {
    place: `${file} targets.candidate`,
    hint: 'paste the lines where you want them: shadowgate migrate prints them',
  })
}

type Plain = { readonly [key: string]: Json }

function plainAt(value: Json | undefined, key: string): Plain {
  const found = isPlain(value) ? value[key] : undefined
  return isPlain(found) ? found : {}
}

function isPlain(value: Json | undefined): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withPatch(config: Json, { rename, overrides }: Patch): Json {
  const targets = plainAt(config, 'targets')
  const candidate = plainAt(targets, 'candidate')
  const renamed = { ...plainAt(candidate, 'rename'), ...Object.fromEntries(rename.map(({ field, to }) => [field, to])) }
  const set = {
    ...plainAt(candidate, 'overrides'),
    ...Object.fromEntries(overrides.map(({ field, value }) => [field, value])),
  }
  const lines = { ...(rename.length > 0 && { rename: renamed }), ...(overrides.length > 0 && { overrides: set }) }
  return { ...(isPlain(config) ? config : {}), targets: { ...targets, candidate: { ...candidate, ...lines } } }
}

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => sortedKeys(each))
  if (!isPlain(value)) return value
  const keys = Object.keys(value).toSorted()
  return Object.fromEntries(keys.map((key) => [key, sortedKeys(value[key] ?? null)]))
}
