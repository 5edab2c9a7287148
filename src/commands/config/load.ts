// shadowgate.yaml → a checked config: file, then environment, then flags; `${VAR}` filled in; every error with its place.

import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import type { z } from 'zod'
import { Fault } from '../../core/fault.ts'
import { nearest } from '../../core/nearest.ts'
import { withoutSecrets } from '../../core/secrets.ts'
import type { Json, JsonObject } from '../../core/types.ts'
import { refuseLiteralKeys } from './literal-keys.ts'
import { type Config, configSchema } from './schema.ts'
import { keysAt, settings } from './settings.ts'
import { readYamlFile, type YamlFile } from './yaml-file.ts'

export interface LoadedConfig {
  readonly config: Config
  /** As written, with flags and environment applied, before `${…}` was filled in, without what may be a secret: safe to store. */
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
  const yaml = readYamlFile(file, sources.file)
  if (!isMapping(yaml.value))
    throw new Fault('BAD_CONFIG', 'a config is a mapping of settings', { place: sources.file })
  const outside = outsideValues(sources)
  // A section whose every line is commented out says nothing.
  const sections = Object.fromEntries(Object.entries(yaml.value).filter(([, section]) => section !== null))
  const written = outside.reduce<JsonObject>((config, { path, text }) => withSetting(config, path, text), sections)
  const place: Place = (path) => placeOf(path, { yaml, outside, file: sources.file })
  refuseLiteralKeys(written, place)
  const filled = fillIn(written, [], { env: sources.env, place, sends: sources.sends ?? true })
  return { config: check(filled, place), written: storable(written), folder: dirname(file), file: sources.file }
}

/** Headers keep their names and the variables that they name; a value written out may be a secret, whatever it looks like. */
function storable(value: JsonObject, isHeaders = false): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (typeof each === 'string')
        return [key, isHeaders ? headerWords(each) : withoutSecrets(withoutDefaults(each)).text]
      if (Array.isArray(each)) return [key, each.map((item: Json) => (isMapping(item) ? storable(item) : item))]
      return [key, isMapping(each) ? storable(each, key === 'headers') : each]
    }),
  )
}

function headerWords(text: string): string {
  return /^\$\{[A-Za-z_]\w*\}$/.test(text) ? text : '[set]'
}

function withoutDefaults(text: string): string {
  return text.replaceAll(/\$\{([A-Za-z_]\w*):-[^}]*\}/g, '${$1}')
}

interface OutsideValue {
  readonly path: readonly string[]
  readonly text: string
  /** The flag or the variable. */
  readonly name: string
}

function outsideValues(sources: ConfigSources): OutsideValue[] {
  const fromEnv = settings.flatMap(({ path, env, value }) => {
    const text = sources.env[env]
    return text === undefined ? [] : [{ path, text, name: env, value }]
  })
  const fromFlags = settings.flatMap(({ path, flag, value }) => {
    const text = sources.flags[path.join('.')]
    return text === undefined ? [] : [{ path, text, name: flag, value }]
  })
  return [...fromEnv, ...fromFlags].map((each) => ({ ...each, text: fromHere(each.value, each.text, sources.cwd) }))
}

/** Paths on the command line are relative to where it is typed; those in the file, to the file. */
function fromHere(value: string, text: string, cwd: string): string {
  if (value === 'file' || value === 'folder') return resolve(cwd, text)
  if (value !== 'paths') return text
  return listOf(text)
    .map((each) => (each === '-' ? each : resolve(cwd, each)))
    .join(',')
}

function withSetting(config: JsonObject, path: readonly string[], text: string): JsonObject {
  const [step = '', ...rest] = path
  const inner = config[step] ?? {}
  if (rest.length > 0) {
    // Where the file has something other than a section, that is the mistake to be told.
    return isMapping(inner) ? { ...config, [step]: withSetting(inner, rest, text) } : config
  }
  return { ...config, [step]: step === 'logs' ? listOf(text).map((each) => ({ path: each })) : text }
}

function listOf(text: string): string[] {
  const items = text.split(',').map((each) => each.trim())
  return items.filter((each) => each !== '')
}

function isMapping(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function placeOf(
  path: readonly PropertyKey[],
  { yaml, outside, file }: { yaml: YamlFile; outside: readonly OutsideValue[]; file: string },
): string {
  const given = outside.findLast((each) => each.path.every((step, index) => path[index] === step))
  if (given) return given.name
  const position = yaml.positionOf(path)
  return (position === null ? `${file} ${dotted(path)}` : `${file}:${position} ${dotted(path)}`).trim()
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
      (whole, name: string, fallback: string | undefined) => {
        const text = from.env[name] || fallback
        if (text !== undefined) return text
        if (!from.sends && path[0] === 'targets') return `http://${name.toLowerCase()}.unset`
        // Who is told must not be why a night fails: it stays as it is written, and whoever tells sees that.
        if (path[0] === 'notify') return whole
        throw new Fault('BAD_CONFIG', `the environment variable ${name} is not set`, {
          place: from.place(path),
          hint: `export ${name}, or write \${${name}:-default}`,
        })
      },
    )
  }
  if (isMapping(value)) return mapValues(value, (each, key) => fillIn(each, [...path, key], from))
  return Array.isArray(value) ? value.map((each: Json, index) => fillIn(each, [...path, index], from)) : value
}

function mapValues(value: JsonObject, change: (each: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each, key)]))
}

function check(filled: Json, place: Place): Config {
  const first = configSchema.safeParse(filled)
  if (first.success) return first.data
  // Flags, variables and `${…}` bring text where the schema wants a number or a list: read it as YAML would.
  const second = configSchema.safeParse(first.error.issues.reduce(withTextRead, filled))
  if (second.success) return second.data
  throw faultOf(second.error.issues, place)
}

function withTextRead(config: Json, issue: z.core.$ZodIssue): Json {
  if (issue.code !== 'invalid_type') return config
  return withChanged(config, issue.path, (text) => (issue.expected === 'array' ? listOf(text) : scalarOf(text)))
}

/** A copy in which the text at a path is another value; where there is no text, all is as it was. */
function withChanged(value: Json, path: readonly PropertyKey[], change: (text: string) => Json): Json {
  const [step, ...rest] = path
  if (step === undefined) return typeof value === 'string' ? change(value) : value
  const inStep = (each: Json, key: PropertyKey) => (key === step ? withChanged(each, rest, change) : each)
  if (isMapping(value)) return mapValues(value, inStep)
  return Array.isArray(value) ? value.map(inStep) : value
}

/** A number or a truth value, where the text is one. */
function scalarOf(text: string): Json {
  try {
    const value: Json = parse(text)
    return typeof value === 'number' || typeof value === 'boolean' ? value : text
  } catch {
    return text
  }
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
