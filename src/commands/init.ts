// `shadowgate init`: looks at the logs that are here, and writes a commented config that fits them.

import { existsSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { Fault, thrownMessage } from '../core/fault.ts'
import type { Command, Invocation } from './command.ts'
import { isKeySet } from './config/key-named.ts'
import { uncachedAnswers } from './ingest/uncached-answers.ts'
import { type ConfigProposal, configText, keyOf, noProposal, sizeReasonOf } from './init/config-text.ts'
import { type FoundLogs, findLogFiles, logEntries } from './init/found-logs.ts'
import { placeholderModel, placeholderUrl } from './init/placeholders.ts'
import type { Survey } from './init/survey.ts'
import { initWords, type Told } from './init/words.ts'
import type { World } from './world.ts'

export const init = {
  examples: ['shadowgate init', 'shadowgate init --candidate gpt-5-mini', 'shadowgate init --config nightly.yaml'],
  settings: ['logs'],
  flags: [
    { flag: '--candidate <model>', description: 'The model that may replace the one of the logs' },
    { flag: '--force', description: 'Write over a config that is there' },
  ],
  run: async (world, invocation) => {
    const path = resolve(world.cwd, invocation.config)
    if (existsSync(path) && !invocation.own['force']) {
      throw new Fault('BAD_CONFIG', 'there is a config already', {
        place: invocation.config,
        hint: '--force writes over it',
      })
    }
    const patterns = patternsOf(invocation)
    const found = await findLogFiles(world.cwd, patterns)
    // Paths of a config are relative to its own folder.
    const meant = patterns.length > 0 ? patterns : logEntries(found)
    const entries = meant.map((entry) => relative(dirname(path), resolve(world.cwd, entry)) || '.')
    // Statistics and the store are not loaded where there is nothing to look at.
    const survey =
      found.logs.length === 0 ? null : await (await import('./init/survey.ts')).survey(world, invocation, found.logs)
    const proposal = proposalOf(survey, entries, invocation)
    write(path, configText(proposal), invocation)
    const told: Told = {
      config: invocation.config,
      entries,
      found,
      survey,
      missing: missingOf(proposal, survey, world),
      next:
        survey === null
          ? 'shadowgate init --force, once there are logs; or name them and both targets in it, then: shadowgate run'
          : `npx shadowgate doctor${configFlag(invocation)}    # says what is left to do; npx shadowgate run is one night`,
      schedule: `(crontab -l 2>/dev/null; npx shadowgate schedule cron --at 02:30${configFlag(invocation)}) | crontab -    # or systemd, github, kubernetes`,
    }
    world.stdout(
      invocation.isJson ? JSON.stringify(jsonOf(told, found)) : invocation.isQuiet ? told.config : initWords(told),
    )
    return 0
  },
} satisfies Command

function patternsOf({ settings }: Invocation): readonly string[] {
  return (settings['logs'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

function configFlag({ config }: Invocation): string {
  return config === 'shadowgate.yaml' ? '' : ` --config ${config}`
}

function proposalOf(survey: Survey | null, entries: readonly string[], { own }: Invocation): ConfigProposal {
  const candidate = typeof own['candidate'] === 'string' ? own['candidate'] : null
  if (survey === null) return { ...noProposal, candidate }
  return {
    logs: entries,
    target: survey.target,
    candidate,
    candidateUrl: null,
    size: survey.size.size,
    sizeReason: sizeReasonOf(survey.size),
    segments: survey.segments.map(({ key }) => key),
    uncached: uncachedAnswers(survey.usage),
    isNightly: true,
  }
}

function write(path: string, text: string, { config }: Invocation): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    const message = thrownMessage(error)
    throw new Fault('CONFIG_UNWRITABLE', `the config can't be written: ${message}`, { place: config })
  }
}

/** In the order in which a user would mend it. */
function missingOf({ target, candidate }: ConfigProposal, survey: Survey | null, { env }: World): string[] {
  const url = target?.baseUrl ?? placeholderUrl
  const model = target?.model ?? placeholderModel.production
  const keys = [...new Set([keyOf('production', target), keyOf('candidate', target)])].filter((name) => name !== null)
  const unset = keys.filter((name) => !isKeySet(name, env))
  return [
    ...(survey === null ? ['logs: none was found'] : []),
    ...(survey !== null && survey.apis.length === 0 ? ['logs: no call in them can be replayed'] : []),
    ...(model === placeholderModel.production ? ['targets.production.model: the model that serves users today'] : []),
    ...(candidate === null ? ['targets.candidate.model: the model that may replace it'] : []),
    ...(url === placeholderUrl ? ['targets.*.baseUrl: where both are asked'] : []),
    ...(unset.length > 0
      ? [`${unset.length === 1 ? 'the key' : 'the keys'}: export ${unset.map((name) => `${name}=…`).join(' ')}`]
      : []),
    'pricePerMillion of both targets: without prices no cost is known, and no limit kept',
  ]
}

function jsonOf({ config, entries, survey, missing, next, schedule }: Told, found: FoundLogs): object {
  const { logs, unknown, passedOver } = found
  return { config, logs: { entries, files: logs, unknown, passedOver }, survey, missing, next, schedule }
}
