// What the README says is so: its commands, flags, metrics, links and exit statuses exist.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configSchema } from '../../src/commands/config/schema.ts'
import { settings } from '../../src/commands/config/settings.ts'
import { commands } from '../../src/commands/index.ts'
import { exitStatus } from '../../src/core/fault.ts'
import { rolloutRules } from '../../src/gate/policy.ts'
import { formats } from '../../src/ingest/index.ts'
import { mappingWords } from '../../src/ingest/mapping.ts'
import { variablesOf } from '../../src/notify/hook.ts'
import { providers } from '../../src/providers/index.ts'
import { summaryNames } from '../../src/score/metrics/index.ts'
import { judged, news } from '../notify/nights.ts'
import { cases } from '../simulate/tables/index.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const readme = readFileSync(root('README.md'), 'utf8')
const house = readFileSync(root('src/README.md'), 'utf8')
const manifest = JSON.parse(readFileSync(root('package.json'), 'utf8'))

/** The simulation is no command of ours, and has flags of its own. */
const tableOfSimulation = /npm run simulate -- --only (\w+)(?: --row "([^"]+)")?/g

interface Described {
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Described>>
  readonly items?: Described
}

const schema: { readonly properties: { readonly canary: Described } } = JSON.parse(
  readFileSync(root('src/commands/config/config.schema.json'), 'utf8'),
)

/** A setting, or what lies below it. What a list of defaults would fill a cell with is said by the text around the table. */
function rowsOf({ description, default: preset, properties = {}, items }: Described, path: string): string[] {
  const shown = ['string', 'number', 'boolean'].includes(typeof preset)
    ? JSON.stringify(preset).replaceAll('"', '')
    : ''
  const own = description === undefined ? [] : [`| \`${path}\` | ${shown} | ${description.replaceAll('|', '\\|')} |`]
  const below = [
    ...Object.entries(properties).map(([name, inner]) => [`${path}.${name}`, inner] as const),
    ...Object.entries(items?.properties ?? {}).map(([name, inner]) => [`${path}[].${name}`, inner] as const),
  ]
  return [...own, ...below.flatMap(([place, inner]) => rowsOf(inner, place))]
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')

describe('README.md', () => {
  it('names npm scripts that exist', () => {
    const scripts = all(readme, /npm run ([\w:]+)/g)
    expect(scripts).toContain('demo')
    for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script)
  })

  it('names commands that exist, and all of them', () => {
    const names = commands.map(({ name }) => name)
    for (const name of all(readme, /(?:npx |`)shadowgate ([a-z]+)/g)) expect(names).toContain(name)
    const table = all(readme, /^\| `([a-z]+)` \|/gm)
    expect(names.filter((name) => !table.includes(name))).toEqual([])
  })

  it('names flags and variables that exist', async () => {
    const own = (await Promise.all(commands.map(({ load }) => load()))).flatMap(({ flags }) =>
      flags.map(({ flag }) => flag.split(' ')[0]),
    )
    const known = new Set([...settings.map(({ flag }) => flag), ...own, '--json', '--quiet', '--config'])
    const flags = all(readme.replaceAll(tableOfSimulation, ''), /(--[a-z][a-z-]+)/g)
    expect(flags).toContain('--sample-size')
    for (const flag of flags) expect(known.has(flag), flag).toBe(true)
    const variables = [...settings.map(({ env }) => env), ...Object.keys(variablesOf(news(judged())))]
    for (const name of all(readme, /(SHADOWGATE_[A-Z_]+)/g)) expect(variables).toContain(name)
  })

  it('names tables of the simulation that exist', () => {
    const tables = all(readme + house, tableOfSimulation)
    expect(tables).toContain('nights')
    for (const table of tables) expect(cases.map((each) => each.table)).toContain(table)
    const rows = [...readme.matchAll(tableOfSimulation)].flatMap(([, , row]) => row ?? [])
    for (const row of rows)
      expect(
        cases.some(({ name }) => name.includes(row)),
        row,
      ).toBe(true)
  })

  it('shows a config that is valid', () => {
    const [yaml = ''] = all(readme, /```yaml\n([\s\S]*?)```/g)
    expect(configSchema.safeParse(parse(yaml)).error).toBeUndefined()
    const parts = all(readme, /```yml\n([\s\S]*?)```/g)
    expect(parts.length).toBeGreaterThan(0)
    for (const part of parts) {
      expect(configSchema.safeParse({ ...parse(yaml), ...parse(part) }).error).toBeUndefined()
    }
  })

  it('lists every metric of the default policy, and names none that is not there', () => {
    const policy = readme.slice(readme.indexOf('The default policy:'))
    for (const { metric } of rolloutRules) expect(policy).toContain(`\`${metric}\``)
    for (const name of summaryNames) expect(policy, name).toContain(`\`${name}\``)
  })

  it('lists every provider API', () => {
    for (const { name } of providers) expect(readme).toContain(`\`${name}\``)
  })

  it('has the table of log formats as the formats themselves say', () => {
    const rows = [...formats, mappingWords].map(
      ({ name, title, tells, lacks }) => `| \`${name}\` | ${title} | ${tells} | ${lacks} |`,
    )
    const table = ['| format | what it is | its records know | the log can’t tell |', '|---|---|---|---|', ...rows]
    const written = readme.replace(
      /(?<=<!-- formats -->\n)[\s\S]*(?=<!-- \/formats -->)/,
      () => `${table.join('\n')}\n`,
    )
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(root('README.md'), written)
    else expect(readme).toBe(written)
  })

  it('has the table of the canary’s settings as the schema says', () => {
    const rows = rowsOf(schema.properties.canary, 'canary')
    expect(rows).toContain('| `canary.port` | 4600 | And on which port |')
    const table = ['| setting | default | what it is |', '|---|---|---|', ...rows]
    const written = readme.replace(/(?<=<!-- canary -->\n)[\s\S]*(?=<!-- \/canary -->)/, () => `${table.join('\n')}\n`)
    if (process.env['UPDATE_GOLDEN'] === '1') {
      const now = readFileSync(root('README.md'), 'utf8')
      const [fresh = ''] = /<!-- canary -->[\s\S]*<!-- \/canary -->/.exec(written) ?? []
      writeFileSync(
        root('README.md'),
        now.replace(/<!-- canary -->[\s\S]*<!-- \/canary -->/, () => fresh),
      )
    } else expect(readme).toBe(written)
  })

  it('lists every exit status', () => {
    for (const status of Object.values(exitStatus)) expect(readme).toMatch(new RegExp(`\\| ${status} \\|`))
  })

  it('links to what is there', () => {
    const links = [...all(readme, /\]\(((?!https?:)[^)#]+)\)/g)]
    expect(links.length).toBeGreaterThan(3)
    for (const link of links) expect(existsSync(root(link)), link).toBe(true)
  })
})

describe('the map of the source', () => {
  const decisions = readFileSync(root('src/DECISIONS.md'), 'utf8')

  it('has a line for every room', () => {
    const rooms = readdirSync(root('src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(rooms.length).toBeGreaterThan(15)
    for (const { name } of rooms) expect(house).toContain(` | \`${name}/\` | `)
  })

  it('names files and folders that are there, as its decisions do', () => {
    const rooms = readdirSync(root('src')).join('|')
    const named = all(house + decisions, new RegExp(`\`((?:${rooms}|test|\\.github)/[\\w./-]*)\``, 'g'))
    expect(named.length).toBeGreaterThan(80)
    const places = (path: string) =>
      ['', '.ts', '.tsx'].flatMap((end) => [root(`src/${path}${end}`), root(`${path}${end}`)])
    expect(named.filter((path) => !places(path).some((place) => existsSync(place)))).toEqual([])
  })

  it('links to headings that are there', () => {
    const headings = (text: string) =>
      all(text, /^## (.*)$/gm).map((title) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      )
    const links = { 'src/README.md': house, 'src/DECISIONS.md': decisions }
    for (const [file, text] of Object.entries(links)) {
      expect(headings(text), file).toEqual(expect.arrayContaining(all(text, /\]\(#([^)]+)\)/g)))
    }
    expect(headings(decisions)).toEqual(expect.arrayContaining(all(house, /\]\(DECISIONS\.md#([^)]+)\)/g)))
  })
})
