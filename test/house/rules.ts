// The rules of the house as one function over file texts: who may import whom, what is pure, how files look.

import { posix } from 'node:path'

/** A source file; `path` is relative to `src/`, with forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

export interface Violation {
  readonly file: string
  readonly rule: 'rank' | 'purity' | 'length' | 'first line' | 'name' | 'room' | 'default export' | 'roster' | 'exit'
  readonly detail: string
}

/** A file imports its own room and rooms of strictly lower rank: equals are strangers. The doors know the package. */
const ranks: Readonly<Record<string, number>> = {
  core: 0,
  stats: 0,
  providers: 1,
  diff: 1,
  filter: 1,
  ingest: 2,
  sample: 2,
  replay: 2,
  store: 2,
  score: 2,
  migrate: 2,
  gate: 2,
  review: 2,
  notify: 2,
  schedule: 2,
  report: 2,
  demo: 2,
  tui: 2,
  canary: 2,
  commands: 3,
  'cli.ts': 4,
  'index.ts': 4,
}

/** Folders whose files take time, chance and the world as arguments. */
const pureFolders = [
  'core',
  'stats',
  'providers',
  'diff',
  'filter',
  'sample',
  'score',
  'gate',
  'review',
  'report',
  'migrate',
  'schedule',
  'ingest/formats',
  'canary/gateways',
  'replay',
]
/** The files in them that act at the rim. */
const impureFiles = new Set(
  ['send', 'engine', 'thread', 'real-clock', 'batch/batch-http'].map((name) => `replay/${name}.ts`),
)

const impureModules =
  /^(?:(?:node:)?(?:fs|net|http|https|http2|tls|dgram|dns|process|child_process|worker_threads|cluster|os|perf_hooks|timers|readline)(?:\/.*)?|undici|ink|@duckdb\/.*)$/
const impureCalls =
  /\bnew Date(?:\(\s*\)|\b(?!\s*\())|\b(?:Date\.now|Math\.random|performance\.\w+|process\.\w+|console\.\w+|setTimeout|setInterval|setImmediate|randomUUID)\b|(?<![.\w])fetch\(/

/** The only files that may end the process or set its exit status. */
const exitFiles = new Set(['cli.ts'])

const nowhere = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'shared',
  'service',
  'services',
  'lib',
  'misc',
])
const longest = 300

/** Folders in which each file is one member; `noun` is what a member `satisfies`, `index` the explicit list, `only` all others that may lie there. */
const rosters: readonly Roster[] = [
  {
    folder: 'providers',
    index: 'providers/index.ts',
    noun: 'Provider',
    others: ['provider.ts', 'sse.ts', 'framing.ts', 'answer-folder.ts', 'endpoint.ts'],
  },
  { folder: 'ingest/formats', index: 'ingest/index.ts', noun: 'LogFormat', others: [] },
  { folder: 'score/metrics', index: 'score/metrics/index.ts', noun: '(?:Side|Pair|Both)Metric', others: [] },
  { folder: 'report', index: 'report/index.ts', noun: 'ReportFormat', others: null },
  {
    folder: 'commands',
    index: 'commands/index.ts',
    noun: 'Command',
    others: null,
    only: ['command.ts', 'parse.ts', 'world.ts'],
  },
  { folder: 'canary/gateways', index: 'canary/gateways/index.ts', noun: 'Gateway', others: null },
  { folder: 'commands/doctor', index: 'commands/doctor/index.ts', noun: 'Check', others: null },
]

interface Roster {
  readonly folder: string
  readonly index: string
  readonly noun: string
  readonly others: readonly string[] | null
  readonly only?: readonly string[]
}

/** Every breach of every rule, in the order of the files. */
export function checkHouse(files: readonly SourceFile[]): readonly Violation[] {
  const sources = files.map(({ path, text }) => {
    const code = withoutComments(text)
    return { path, text, code, imports: importsOf(code) }
  })
  const rules = [rankRule, purityRule, exitRule, lookRule, nameRule, rosterRule]
  return sources.flatMap((source) => rules.flatMap((rule) => rule(source, sources)))
}

interface Source extends SourceFile {
  /** The text without its comments. */
  readonly code: string
  /** Module specifiers as written. */
  readonly imports: readonly string[]
}

/** Strings are kept and known, so that `https://` in one is no comment. */
function withoutComments(text: string): string {
  const pieces = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\\.|\/\/[^\n]*|\/\*[^]*?\*\//g
  return text.replaceAll(pieces, (piece) => (/^\/[/*]/.test(piece) ? ' ' : piece))
}

function importsOf(code: string): readonly string[] {
  const forms = [
    /(?:^|[\n;])\s*(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /(?:^|[\n;])\s*import\s*['"]([^'"]+)['"]/g,
    /\bimport\(\s*['"`]([^'"`]+)['"`]/g,
  ]
  return forms.flatMap((form) => [...code.matchAll(form)].map((found) => found[1] ?? ''))
}

/** The path relative to `src/` that a relative import points to; null for packages. */
function target(path: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null
}

const roomOf = (path: string) => path.split('/')[0] ?? ''

function rankRule({ path, imports }: Source): readonly Violation[] {
  const room = roomOf(path)
  const rank = ranks[room]
  if (rank === undefined) return [{ file: path, rule: 'room', detail: `no room or door of src is called ${room}` }]
  return imports.flatMap((specifier) => {
    const to = target(path, specifier)
    if (to === null || roomOf(to) === room) return []
    if (to === '../package.json' && rank === ranks['cli.ts']) return []
    const other = ranks[roomOf(to)]
    const isLower = other !== undefined && other < rank
    return isLower ? [] : [{ file: path, rule: 'rank' as const, detail: `may not import ${specifier}` }]
  })
}

function purityRule({ path, code, imports }: Source): readonly Violation[] {
  const isPure = pureFolders.some((folder) => path.startsWith(`${folder}/`)) && !impureFiles.has(path)
  if (!isPure) return []
  const modules = imports.filter((specifier) => impureModules.test(specifier))
  const crypto = [...code.matchAll(/import\s+([^'"`;]*?)\s+from\s*['"](?:node:)?crypto['"]/g)]
    .map((found) => found[1] ?? '')
    .filter((names) => !/^\{\s*createHash\s*,?\s*\}$/.test(names))
  // An address may be of a console.
  const call = impureCalls.exec(code.replaceAll(/https?:\/\/[^\s'"`]+/g, ''))?.[0]
  return [
    ...modules.map((specifier) => `imports ${specifier}`),
    ...crypto.map((names) => `imports ${names} of node:crypto; createHash alone is pure`),
    ...(call === undefined ? [] : [`uses ${call}`]),
  ].map((detail) => ({ file: path, rule: 'purity', detail }))
}

function exitRule({ path, code }: Source): readonly Violation[] {
  const call = /\bprocess\s*\.\s*(?:exit|exitCode|abort|reallyExit)\b/.exec(code)?.[0]
  return call === undefined || exitFiles.has(path) ? [] : [{ file: path, rule: 'exit', detail: `uses ${call}` }]
}

function lookRule({ path, text, code }: Source): readonly Violation[] {
  const lines = text.replace(/\n$/, '').split('\n')
  const first = (lines[0]?.startsWith('#!') ? lines[1] : lines[0]) ?? ''
  const found: Violation[] = []
  if (lines.length > longest)
    found.push({ file: path, rule: 'length', detail: `${lines.length} lines, not ${longest}` })
  if (!/^\/\/ \S.*[.!?]$/.test(first)) {
    found.push({ file: path, rule: 'first line', detail: `no sentence after //: ${first.slice(0, 60)}` })
  }
  if (/\bexport\s+default\b|\bas\s+default\b(?![^{}]*\}\s*=)/.test(code)) {
    found.push({ file: path, rule: 'default export', detail: 'exports are named' })
  }
  return found
}

function nameRule({ path }: Source): readonly Violation[] {
  const names = path.replace(/\.tsx?$/, '').split('/')
  const odd = names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
  const homeless = names.filter((name) => nowhere.has(name))
  return [
    ...odd.map((name): Violation => ({ file: path, rule: 'name', detail: `${name} is not kebab-case` })),
    ...homeless.map(
      (name): Violation => ({ file: path, rule: 'room', detail: `${name} is no home: a noun is missing` }),
    ),
  ]
}

/**
 * A member is listed in its room's index; any other file of a folder that holds members alone (`others` names the
 * exceptions) is part of a member, and so is imported within the folder.
 */
function rosterRule({ path, code }: Source, all: readonly Source[]): readonly Violation[] {
  const roster = rosters.find(({ folder }) => posix.dirname(path) === folder)
  if (roster === undefined || path === roster.index) return []
  const importers = all.filter((source) => source.imports.some((specifier) => target(source.path, specifier) === path))
  const isMember = new RegExp(`\\bsatisfies ${roster.noun}\\s*(?:;|\\n|$)`).test(code)
  const isExpected = roster.others?.every((name) => path !== `${roster.folder}/${name}`) ?? false
  const isListed = importers.some((source) => source.path === roster.index)
  const isPart = !isMember && importers.some((source) => posix.dirname(source.path) === roster.folder)
  const isMisplaced = !isMember && (roster.only?.every((name) => path !== `${roster.folder}/${name}`) ?? false)
  if (isMisplaced)
    return [
      { file: path, rule: 'roster', detail: `is no ${roster.noun}: it belongs into a folder of ${roster.folder}` },
    ]
  if (isListed || isPart || !(isMember || isExpected)) return []
  return [{ file: path, rule: 'roster', detail: `is not listed in ${roster.index}` }]
}
