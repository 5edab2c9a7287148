// `shadowgate init`: writes a commented config to start from.

import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../core/fault.ts'
import { rolloutPolicy } from '../gate/policy.ts'
import type { Command } from './command.ts'

export const init = {
  examples: ['shadowgate init', 'shadowgate init --config nightly.yaml'],
  settings: [],
  flags: [{ flag: '--force', description: 'Write over a config that is there' }],
  run: async (world, invocation) => {
    const path = resolve(world.cwd, invocation.config)
    if (existsSync(path) && !invocation.own['force']) {
      throw new Fault('BAD_CONFIG', 'there is a config already', {
        place: invocation.config,
        hint: '--force writes over it',
      })
    }
    try {
      writeFileSync(path, template(logsIn(world.cwd)))
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new Fault('CONFIG_UNWRITABLE', `the config can't be written: ${message}`, { place: invocation.config })
    }
    world.stdout(invocation.isJson ? JSON.stringify({ config: invocation.config }) : invocation.config)
    world.log(
      `Next: name your logs and both targets in ${invocation.config}; shadowgate ingest says what of the logs can be replayed; export the keys, then: shadowgate run`,
    )
    return 0
  },
} satisfies Command

/** A guess at where the logs are, for the user to mend. */
function logsIn(folder: string): string {
  const found = ['logs', 'log', 'data'].find((name) => existsSync(resolve(folder, name)))
  if (found) return found
  return readdirSync(folder).find((name) => /\.jsonl(\.gz|\.zst)?$/.test(name)) ?? 'logs/*.jsonl.gz'
}

function template(logs: string): string {
  const rules = rolloutPolicy.rules
    .map(
      ({ metric, margin, severity }) =>
        `  #   - { metric: ${metric}, margin: ${Number((margin * 100).toFixed(3))}%, severity: ${severity} }`,
    )
    .join('\n')
  return `# yaml-language-server: $schema=./node_modules/shadowgate/src/commands/config/config.schema.json
# Paths are relative to this file; \${VAR} and \${VAR:-default} are filled in from the environment.

store: reports/shadowgate.duckdb       # one DuckDB file holds everything; views \`pairs\` and \`calls\` are for SQL
# reviews: shadowgate.reviews.yaml     # what people decide about changes (shadowgate review); it belongs into git

logs:
  - path: ${logs}                      # file, glob, folder, or "-"; .gz and .zst are read as they are
    # format: mapping                          # of what no format knows (shadowgate formats lists them), your own map:
    # map: { messages: payload.input.messages, model: payload.model, text: payload.output }

sample:
  size: 2000                           # about 200 pairs decide a gross failure, 2000 a p95 within 20 %
  seed: 1
  # stratify: [route]                  # segment keys whose mix the sample keeps
  # since: lastRun                     # every night only what came since the last judged run; cohort: 200 beside it

targets:
  production:
    api: openai-chat
    baseUrl: https://api.example.com/v1
    model: the-model-in-production
    keyFrom: { env: PROD_KEY }         # the variable's name; the key itself never stands in a file
    concurrency: 8
    timeoutMs: 120000
    # limits: { requestsPerMinute: 500, tokensPerMinute: 200000 }   # of the key; a fifth is left to production
    # pricePerMillion: { input: 2.5, cachedInput: 1.25, output: 10 }
  candidate:
    api: openai-chat
    baseUrl: https://api.example.com/v1
    model: the-model-that-may-replace-it
    keyFrom: { env: CAND_KEY }
    concurrency: 8
    timeoutMs: 120000
    # overrides: { temperature: 0 }

replay:
  stream: asCaptured
  noise: 0.2                           # share of records that both arms answer twice: the noise floor
  # maxCost: 50                        # US dollars: stop before it costs more, and judge what was sent
  # pace: open                         # send when the log says, not when a place is free; timeScale: 10 is ten times as fast

gate:
  # segments: [route]                  # segment keys that get verdicts of their own
  # expectRefusal: [{ key: kind, value: unsafe }]   # where fewer refusals are the regression
  rules: []                            # changes to the default policy, which is:
${rules}
  #   severity: off removes a rule, for instance cache-hit-rate where the API reports no cached tokens

# assertions:                          # checks of your own; what production fails as well is no regression
#   - { name: has-total, jsonPath: $.total }         # or contains, notContains, regex, equalsRecorded, module
#   - { name: polite, module: checks.mjs, segment: { key: route, value: support }, severity: investigate }

# judge:                               # a model of yours that compares the answers, blind, in both orders
#   target: { baseUrl: https://api.example.com/v1, model: a-judge, keyFrom: { env: JUDGE_KEY } }
#   criteria: The answer is correct and complete.

report:
  dir: reports
  formats: [html, markdown, json, junit]
  # against: previous                  # every report says what changed since the newest run judged before

# retention: { textsDays: 30, attemptsDays: 180, reportsDays: 365, maxStoreMb: 20000 }   # without it everything is kept
`
}
