// The command line, made from the commands' own declarations and the settings' one list.

import { Argument, CommanderError, Help, Option, Command as Parser } from 'commander'
import { Fault } from '../core/fault.ts'
import { type Command, type Invocation, verdictStatuses } from './command.ts'
import { commands } from './index.ts'
import type { World } from './world.ts'

const statusesText = (own: string) => `
Exit status
  ${own}
  64 usage   65 bad data or policy   69 target unreachable or no key   70 our bug   130 interrupted`

/** Also where the shell made many words of a glob. */
const logsHint =
  'log files are named by --logs, with commas between them; put a glob in quotes: --logs "logs/*.jsonl" (--help has all flags)'

/** Runs what the arguments ask for and returns the exit status. Fault: USAGE. */
export async function runCommandLine(world: World, given: readonly string[]): Promise<number> {
  const args = given[0] === 'help' ? [...given.slice(1), '--help'] : given
  const wanted = commands.find(({ name }) => name === args.find((arg) => !arg.startsWith('-')))
  let status = 0
  let takesLogs = false
  const program = createParser(world)
  for (const entry of commands) {
    const parser = program
      .command(entry.name)
      .helpGroup(`${entry.group}:`)
      .summary(entry.summary)
      .description(entry.summary)
    if (entry !== wanted) continue
    const command = await entry.load()
    const settings = await declare(parser, command)
    takesLogs = settings.some(({ path }) => path === 'logs')
    parser.action(async (...words: unknown[]) => {
      // Arguments come first, then the options, then the parser.
      const options = words.at(-2) as Options
      const word = command.argument && typeof words[0] === 'string' ? words[0] : null
      status = await command.run(world, invocationOf({ name: entry.name, options, word }, command, settings))
    })
  }
  try {
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return 0
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
    throw new Fault('USAGE', message, error.code === 'commander.excessArguments' && takesLogs ? { hint: logsHint } : {})
  }
  return status
}

function createParser(world: World): Parser {
  return new Parser('shadowgate')
    .description(
      'Replays production requests against production and a candidate, and says whether the canary may open.',
    )
    .version(`shadowgate ${world.versions.shadowgate} (node ${world.versions.node})`, '-V, --version')
    .exitOverride()
    .helpCommand(false)
    .configureOutput({ writeOut: (text) => world.stdout(text.trimEnd()), writeErr: () => {} })
    .showSuggestionAfterError()
    .addHelpText('after', statusesText(verdictStatuses))
}

/** A flag that takes a list (`<id...>`) has one. */
type Options = Readonly<Record<string, string | boolean | readonly string[]>>

type SettingFlag = { readonly attribute: string; readonly path: string }

async function declare(parser: Parser, command: Command): Promise<SettingFlag[]> {
  const { settingsOf } = await import('./config/settings.ts')
  parser.option('-c, --config <file>', 'The config', 'shadowgate.yaml')
  parser.option('--json', 'Print one JSON document to standard output')
  parser.option('--quiet', 'Print the result alone')
  parser.option('--debug', 'Show the stack of an error')
  if (command.argument) {
    const { name, description, choices } = command.argument
    const argument = new Argument(name, description)
    parser.addArgument(choices ? argument.choices([...choices]) : argument)
  }
  for (const { flag, description } of command.flags) parser.option(flag, description)
  const flags = settingsOf(command.settings).map((setting) => {
    const shown = setting.default === undefined ? '' : ` (default: ${textOf(setting.default)})`
    const option = new Option(`${setting.flag} <${setting.value}>`, `${setting.description}${shown}`)
    parser.addOption(option)
    return { attribute: option.attributeName(), path: setting.path.join('.') }
  })
  const examples = command.examples.map((example) => `  ${example}`).join('\n')
  const variables = 'Each setting is also read from the environment: --sample-size as SHADOWGATE_SAMPLE_SIZE.'
  const notes = (command.notes ?? []).map((note) => `\n${new Help().boxWrap(note, 100)}\n`).join('')
  const ends = `${notes}${statusesText(command.statuses ?? '0 done')}`
  parser.addHelpText('after', `\nExamples\n${examples}\n\n${variables}\n${ends}`)
  return flags
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') || 'none' : String(value)
}

function invocationOf(
  { name: called, options, word }: { name: string; options: Options; word: string | null },
  command: Command,
  flags: readonly SettingFlag[],
): Invocation {
  const settings = flags.flatMap(({ attribute, path }) => {
    const text = options[attribute]
    return typeof text === 'string' ? [[path, text] as const] : []
  })
  const own = command.flags.flatMap(({ flag }) => {
    const { long } = new Option(flag)
    const name = (long ?? flag).replace(/^--/, '')
    const value = options[new Option(flag).attributeName()]
    if (value === undefined) return []
    return [[name, typeof value === 'object' ? value.join(',') : value] as const]
  })
  return {
    command: called,
    config: String(options['config']),
    settings: Object.fromEntries(settings),
    own: Object.fromEntries(own),
    word,
    isJson: options['json'] === true,
    isQuiet: options['quiet'] === true || options['json'] === true,
  }
}
