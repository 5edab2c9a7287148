// shadowgate.yaml → a checked config: file, then environment, then flags; `${VAR}` filled in; every error with its place.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Document, LineCounter, parse, parseDocument } from 'yaml'
import type { z } from 'zod'
import { Fault } from '../../core/fault.ts'
import { nearest } from '../../core/nearest.ts'
import type { Json, JsonObject } from '../../core/types.ts'
import { type Config, configSchema } from './schema.ts'
import { keysAt, settings } from './settings.ts'

export interface LoadedConfig {
  readonly config: Config
  /** As written, with flags and environment applied, before `${…}` was filled in: safe to store. */
  readonly written: JsonObject
  /** Paths in the config are relative to this folder. */
  readonly folder: string
  readonly file: string
}

export interface ConfigSources {
  readonly file: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** From setting paths, joined with dots, to the flag's text. */
  readonly flags: Readonly<Record<string, string>>
  /** False for commands that send nothing: they need no variable that only `targets` names. */
  readonly sends?: boolean
}

/** Where a value came from, for messages. */
type Place = (path: readonly PropertyKey[]) => string

/** Faults: CONFIG_MISSING, BAD_CONFIG. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const file = resolve(sources.cwd, sources.file)
  const { document, lines } = readYaml(file, sources.file)
  const outside = outsideValues(sources)
  const written = structuredClone((document.toJS() ?? {}) as { [key: string]: Json })
  if (typeof written !== 'object' || Array.isArray(written)) {
    throw new Fault('BAD_CONFIG', 'a config is a mapping of settings', { place: sources.file })
  }
  for (const { path, text } of outside) setAt(written, path, text)
  const place: Place = (path) => placeOf(path, { document, lines, outside, file: sources.file })
  const filled = fillIn(written, [], { env: sources.env, place, sends: sources.sends ?? true })
  return { config: check(filled, place), written, folder: dirname(file), file: sources.file }
}

function readYaml(file: string, shown: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter()
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new Fault(
      'CONFIG_MISSING',
      isMissing ? 'there is no such config' : `the config can't be read: ${String(error)}`,
      { place: shown },
    )
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new Fault('BAD_CONFIG', error.message, { place: `${shown}:${line}:${col}` })
  }
  return { document, lines }
}

interface OutsideValue {
  readonly path: readonly string[]
  readonly text: string
  /** The flag or the variable. */
  readonly name: string
}

function outsideValues(sources: ConfigSources): OutsideValue[] {
  const fromEnv = settings.flatMap(({ path, env }) => {
    const text = sources.env[env]
    return text === undefined ? [] : [{ path, text, name: env }]
  })
  const fromFlags = settings.flatMap(({ path, flag }) => {
    const text = sources.flags[path.join('.')]
    return text === undefined ? [] : [{ path, text, name: flag }]
  })
  return [...fromEnv, ...fromFlags]
}

function setAt(root: { [key: string]: Json }, path: readonly string[], text: string): void {
  let at: { [key: string]: Json } = root
  for (const step of path.slice(0, -1)) at = (at[step] ??= {}) as { [key: string]: Json }
  at[path.at(-1) ?? ''] = path.join('.') === 'logs' ? text.split(',').map((each) => ({ path: each })) : text
}

function placeOf(
  path: readonly PropertyKey[],
  from: { document: Document; lines: LineCounter; outside: readonly OutsideValue[]; file: string },
): string {
  const outside = from.outside.findLast((each) => each.path.every((step, index) => path[index] === step))
  if (outside) return outside.name
  // The nearest node that the file has: a missing key is reported at its parent.
  for (let length = path.length; length > 0; length--) {
    const node = from.document.getIn(path.slice(0, length), true)
    const range =
      typeof node === 'object' && node !== null && 'range' in node ? (node.range as number[] | undefined) : undefined
    if (range) {
      const { line, col } = from.lines.linePos(range[0] ?? 0)
      return `${from.file}:${line}:${col} ${dotted(path)}`
    }
  }
  return `${from.file} ${dotted(path)}`.trim()
}

/** `targets.candidate.model`, `gate.rules[2].metric`. */
function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}

/** Fills `${VAR}` and `${VAR:-default}` into every text. */
function fillIn(
  value: Json,
  path: readonly PropertyKey[],
  from: { env: ConfigSources['env']; place: Place; sends: boolean },
): Json {
  if (typeof value === 'string') {
    return value.replaceAll(
      /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
      (_whole, name: string, fallback: string | undefined) => {
        const text = from.env[name] || fallback
        if (text !== undefined) return text
        if (!from.sends && path[0] === 'targets') return `http://${name.toLowerCase()}.unset`
        throw new Fault('BAD_CONFIG', `the environment variable ${name} is not set`, {
          place: from.place(path),
          hint: `export ${name}, or write \${${name}:-default}`,
        })
      },
    )
  }
  if (Array.isArray(value)) return value.map((each: Json, index) => fillIn(each, [...path, index], from))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillIn(each, [...path, key], from)]))
}

function check(filled: Json, place: Place): Config {
  const first = configSchema.safeParse(filled)
  if (first.success) return first.data
  // Flags, variables and `${…}` bring text where the schema wants a number or a list: read it as YAML would.
  for (const issue of first.error.issues) readText(filled, issue)
  const second = configSchema.safeParse(filled)
  if (second.success) return second.data
  throw faultOf(second.error.issues, place)
}

function readText(root: Json, issue: z.core.$ZodIssue): void {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_union') return
  let at = root as { [key: PropertyKey]: Json }
  for (const step of issue.path.slice(0, -1)) at = at[step] as { [key: PropertyKey]: Json }
  const key = issue.path.at(-1)
  const text = key === undefined ? undefined : at?.[key]
  if (key === undefined || typeof text !== 'string') return
  at[key] =
    issue.code === 'invalid_type' && issue.expected === 'array'
      ? text.split(',').map((each) => each.trim())
      : (parse(text) as Json)
}

function faultOf(issues: readonly z.core.$ZodIssue[], place: Place): Fault {
  const lines = issues.map((issue) => ({ at: place(placedPath(issue)), text: messageOf(issue) }))
  const [first, ...rest] = lines
  const more = rest.map(({ at, text }) => `\n  also ${at}: ${text}`).join('')
  return new Fault('BAD_CONFIG', `${first?.text ?? 'not a config'}${more}`, first ? { place: first.at } : {})
}

function placedPath(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') {
    const isMissing = issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined')
    return isMissing ? 'this setting is needed' : issue.message.replace(/^Invalid input: /, '')
  }
  const known = keysAt(issue.path)
  return issue.keys
    .map((key) => {
      const meant = nearest(key, known)
      return `there is no setting called "${key}"${meant ? `; did you mean "${meant}"?` : `; there is ${known.join(', ')}`}`
    })
    .join('; ')
}
