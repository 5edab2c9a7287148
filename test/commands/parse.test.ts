// The command line: help texts as they are read (UPDATE_GOLDEN=1 writes them anew), and what is no command or flag.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../src/commands/command.ts'
import { settingsOf } from '../../src/commands/config/settings.ts'
import { commands } from '../../src/commands/index.ts'
import { runCommandLine } from '../../src/commands/parse.ts'
import { exitStatus, Fault } from '../../src/core/fault.ts'
import { temporaryFolder } from '../support/cli.ts'
import { goldenText } from '../support/golden.ts'
import { createWorld } from '../support/world.ts'

async function said(...args: readonly string[]): Promise<{ status: number; text: string }> {
  const { world, stdout } = createWorld()
  const status = await runCommandLine(world, args)
  return { status, text: `${stdout.join('\n')}\n` }
}

async function faultOf(args: readonly string[], parts: Parameters<typeof createWorld>[0] = {}): Promise<Fault> {
  const { world, stdout } = createWorld(parts)
  try {
    await runCommandLine(world, args)
  } catch (error) {
    expect(stdout).toEqual([])
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error(`there was no fault: ${args.join(' ')}`)
}

const names = commands.map(({ name }) => name)
const loaded: readonly (readonly [string, Command])[] = await Promise.all(
  commands.map(async ({ name, load }) => [name, await load()] as const),
)

describe('help', () => {
  it('of the program is that of the golden file, asked for or not', async () => {
    const { status, text } = await said('--help')
    expect(status).toBe(0)
    expect(text).toBe(goldenText(new URL('golden/help.txt', import.meta.url), text))
    expect(await said('-h')).toEqual({ status, text })
    expect(await said()).toEqual({ status, text })
    expect(names.filter((name) => !text.includes(`  ${name} `))).toEqual([])
  })
  it.each(names)('of %s is that of the golden file', async (name) => {
    const { status, text } = await said(name, '--help')
    expect(status).toBe(0)
    expect(text).toBe(goldenText(new URL(`golden/help-${name}.txt`, import.meta.url), text))
  })
  it.each(loaded)('of %s has each of its flags, examples and exit statuses', async (name, command) => {
    const { text } = await said(name, '--help')
    const flags = [...command.flags.map(({ flag }) => flag), ...settingsOf(command.settings).map(({ flag }) => flag)]
    const wanted = [...flags, ...command.examples, '--config <file>', '--json', '--quiet', '--debug']
    expect(wanted.filter((each) => !text.includes(each))).toEqual([])
    const statuses = Object.values(exitStatus).filter((status) => status === 0 || status >= exitStatus.usage)
    const shown = text.slice(text.indexOf('Exit status'))
    expect(statuses.filter((status) => !new RegExp(`(?:^|\\s)${status} `).test(shown))).toEqual([])
  })
  it('has the statuses of a verdict where a command may end in them, and nowhere else', async () => {
    const texts = await Promise.all(names.map(async (name) => [name, (await said(name, '--help')).text] as const))
    expect(texts.filter(([, text]) => text.includes('1 NO-GO')).map(([name]) => name)).toEqual([
      'run',
      'nightly',
      'gate',
    ])
    const own = texts.filter(([, text]) => / {2}1 (?!NO-GO)/.test(text.slice(text.indexOf('Exit status'))))
    expect(own.map(([name]) => name)).toEqual(['migrate', 'audit', 'drill'])
  })
  it.each(loaded)('of %s names settings that there are', (_, command) => {
    expect(command.settings.filter((path) => settingsOf([path]).length === 0)).toEqual([])
  })
  it.each(loaded)('of %s has examples that this command line takes', (name, command) => {
    for (const example of command.examples) {
      const words = example.slice(example.indexOf('shadowgate ')).split(' ')
      expect(words.slice(0, 2)).toEqual(['shadowgate', name])
      const own = [...command.flags, ...settingsOf(command.settings)].map(({ flag }) => flag.split(' ')[0])
      const flags = words.filter((word) => word.startsWith('--'))
      expect(flags.filter((flag) => ![...own, '--config', '--json', '--quiet'].includes(flag))).toEqual([])
    }
  })
})

it.each(['--version', '-V'])('%s is one line', async (flag) => {
  expect(await said(flag)).toEqual({ status: 0, text: 'shadowgate 9.9.9 (node 24.0.0)\n' })
})

describe('a mistake', () => {
  it.each([
    ['a command with a typo', ['rnu'], /unknown command 'rnu'.*Did you mean run\?/],
    ['a command like no other', ['xyzzy'], /unknown command 'xyzzy'/],
    ['a setting with a typo', ['run', '--sample-sise', '3'], /unknown option '--sample-sise'.*--sample-size/],
    ['a setting of another command', ['report', '--sample-size', '3'], /unknown option '--sample-size'/],
    ['an unknown flag of the program', ['--verbose'], /unknown option '--verbose'/],
    ['a word too many', ['run', 'now'], /too many arguments/],
    ['a setting without its value', ['run', '--sample-size'], /argument missing/],
    ['a config without its name', ['run', '--config'], /argument missing/],
  ])('%s is a fault of usage, on one line', async (_, args, message) => {
    const fault = await faultOf(args)
    expect([fault.code, fault.status]).toEqual(['USAGE', exitStatus.usage])
    expect(fault.message).toMatch(message)
    expect(fault.message).not.toMatch(/\n|^error/)
    expect(fault.hint).toContain('--help')
  })
  it('logs that are no flag, as a shell makes them of a glob, are told how they are named', async () => {
    const fault = await faultOf(['ingest', '--logs', 'a.jsonl', 'b.jsonl'])
    expect([fault.code, fault.hint]).toEqual(['USAGE', expect.stringContaining('--logs "logs/*.jsonl"')])
    expect((await faultOf(['report', 'now'])).hint).not.toContain('--logs')
  })
  it.each(names.filter((name) => !['init', 'doctor', 'demo', 'formats'].includes(name)))(
    '%s without a config is a fault before anything is touched',
    async (name) => {
      const cwd = temporaryFolder()
      const argument = loaded.find(([each]) => each === name)?.[1].argument
      const word = argument?.name.startsWith('<') ? [argument.choices?.[0] ?? 'any'] : []
      const fault = await faultOf([name, ...word], { cwd })
      expect([fault.code, fault.place, fault.status]).toEqual(['CONFIG_MISSING', 'shadowgate.yaml', exitStatus.badData])
      expect(existsSync(join(cwd, 'reports'))).toBe(false)
    },
  )
  it('in a flag is told at the flag', async () => {
    const cwd = temporaryFolder()
    await runCommandLine(createWorld({ cwd }).world, ['init'])
    const fault = await faultOf(['run', '--sample-size', 'many'], { cwd })
    expect([fault.code, fault.place]).toEqual(['BAD_CONFIG', '--sample-size'])
  })
})

describe('init', () => {
  it('writes a config, says where, and what next', async () => {
    const cwd = temporaryFolder()
    const { world, stdout } = createWorld({ cwd })
    expect(await runCommandLine(world, ['init', '--config', 'nightly.yaml'])).toBe(0)
    expect(stdout.join('\n')).toMatch(/Written\n {2}nightly.yaml\n[^]*shadowgate run/)
    expect(readFileSync(join(cwd, 'nightly.yaml'), 'utf8')).toContain('targets:')
  })
  it('writes over none without --force', async () => {
    const cwd = temporaryFolder()
    const init = (...flags: string[]) => runCommandLine(createWorld({ cwd }).world, ['init', ...flags])
    await init()
    expect((await faultOf(['init'], { cwd })).hint).toContain('--force')
    expect(await init('--force')).toBe(0)
  })
  it('writes a config whose every setting is known, keys aside', async () => {
    const cwd = temporaryFolder()
    await runCommandLine(createWorld({ cwd }).world, ['init'])
    const fault = await faultOf(['run', '--logs', 'nothing-*.jsonl'], { cwd })
    expect(fault.code).toBe('LOG_MISSING')
  })
  it('speaks JSON', async () => {
    const { world, stdout } = createWorld({ cwd: temporaryFolder() })
    await runCommandLine(world, ['init', '--json'])
    expect(stdout.map((text): unknown => JSON.parse(text))).toMatchObject([{ config: 'shadowgate.yaml', survey: null }])
  })
})
