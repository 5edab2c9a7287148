// The config that `init` writes: every line says what it is for, and which of them are for the user.

import { stringify } from 'yaml'
import { rolloutPolicy } from '../../gate/policy.ts'
import { count } from '../../report/format.ts'
import type { ProposedSize } from '../plan/proposed-size.ts'
import type { TargetGuess } from './guess-target.ts'
import { placeholderModel, placeholderUrl } from './placeholders.ts'

export interface ConfigProposal {
  /** Entries of `logs`. */
  readonly logs: readonly string[]
  /** null where nothing was found. */
  readonly target: TargetGuess | null
  /** null: to be filled in. */
  readonly candidate: string | null
  readonly candidateUrl: string | null
  readonly size: number
  /** Why that many. */
  readonly sizeReason: string
  readonly segments: readonly string[]
  /** How many answers of the log tell their tokens, where none of them tells cached ones; else null. */
  readonly uncached: number | null
  /** Whether the nights' settings are on: they are once there is a log. */
  readonly isNightly: boolean
}

export const noProposal: ConfigProposal = {
  logs: [],
  target: null,
  candidate: null,
  candidateUrl: null,
  size: 2000,
  sizeReason: 'about 200 pairs decide a gross failure, 2000 a p95 within 20 %',
  segments: [],
  uncached: null,
  isNightly: false,
}

/** Records that are replayed every night, so that nights compare. */
const cohortShare = 0.1

export function configText(proposal: ConfigProposal): string {
  const { size, sizeReason, isNightly } = proposal
  const on = isNightly ? '' : '# '
  return `# yaml-language-server: $schema=./node_modules/shadowgate/src/commands/config/config.schema.json
# Paths are relative to this file; \${VAR} and \${VAR:-default} are filled in from the environment.

store: reports/shadowgate.duckdb       # one DuckDB file holds everything; views \`pairs\` and \`calls\` are for SQL
# reviews: shadowgate.reviews.yaml     # what people decide about changes (shadowgate review); it belongs into git

logs:
${logLines(proposal)}
    # format: mapping                          # of what no format knows (shadowgate formats lists them), your own map:
    # map: { messages: payload.input.messages, model: payload.model, text: payload.output }

sample:
${commented(`  size: ${size}`, sizeReason)}
  seed: 1
${segmentLine(proposal, '  # stratify:', 'segment keys whose mix the sample keeps')}
${commented(`  ${on}since: lastRun`, 'every night only what came since the last judged run')}
${commented(`  ${on}cohort: ${Math.round(size * cohortShare)}`, 'and these every night, so that nights compare')}

targets:
${targetLines('production', proposal)}
${targetLines('candidate', proposal)}

replay:
  stream: asCaptured
  noise: 0.2                           # share of records that both arms answer twice: the noise floor
${commented(`  ${on}maxMinutes: 240`, 'so long after it began a night sends nothing more, and what was sent is judged')}
${commented(`  ${on}maxCost: 50`, 'US dollars: stop before it costs more, and judge what was sent; needs prices above')}
  # pace: open                         # send when the log says, not when a place is free; timeScale: 10 is ten times as fast

gate:
${segmentLine(proposal, '  # segments:', 'segment keys that get verdicts of their own')}
  # expectRefusal: [{ key: kind, value: unsafe }]   # where fewer refusals are the regression
  rules: []                            # changes to the default policy, which is:
${ruleLines()}
${offLine(proposal)}

# assertions:                          # checks of your own; what production fails as well is no regression
#   - { name: has-total, jsonPath: $.total }         # or contains, notContains, regex, equalsRecorded, module
#   - { name: polite, module: checks.mjs, segment: { key: route, value: support }, severity: investigate }

# judge:                               # a model of yours that compares the answers, blind, in both orders
#   target: { baseUrl: ${placeholderUrl}, model: a-judge, keyFrom: { env: JUDGE_KEY } }
#   criteria: The answer is correct and complete.

report:
  dir: reports
  formats: [html, markdown, json, junit]
${commented(`  ${on}against: previous`, 'every report says what changed since the newest run judged before')}

# night: { at: '02:30', tz: Europe/Berlin }   # when, for shadowgate schedule and shadowgate nightly

# canary:                              # the router that a GO opens (shadowgate serve): a share of users, raised by verdict
#   key: [{ header: x-user-id }]       # where a request says whose it is; or body: metadata.user_id, cookie: session
#   salt: "\${CANARY_SALT}"             # a long random text: deals the users, and hides them in the log
#   stages: [{ share: 0.05 }, { share: 0.1 }, { share: 0.25 }, { share: 0.5 }, { share: 1 }]   # 30 minutes and 500 requests each

# notify:                              # who is told, and when: a change of the decision, or a night that could not judge
#   webhooks: [{ urlFrom: { env: SLACK_WEBHOOK }, format: slack }]

${on}retention: { textsDays: 30, reportsDays: 365, maxStoreMb: 20000 }   # without it everything is kept
# attemptsDays: 400 in it takes numbers too; records older than that are forgotten, and come back as new where their log is still read
`
}

function logLines({ logs }: ConfigProposal): string {
  const [first = 'logs/*.jsonl.gz', ...rest] = logs.map(yamlWord)
  return [
    commented(`  - path: ${first}`, 'file, glob, folder, or "-"; .gz and .zst are read as they are'),
    ...rest.map((path) => `  - path: ${path}`),
  ].join('\n')
}

function segmentLine({ segments }: ConfigProposal, key: string, comment: string): string {
  const names = segments.length > 0 ? segments.map(yamlWord).join(', ') : 'route'
  return commented(`${key} [${names}]`, comment)
}

function offLine({ uncached }: ConfigProposal): string {
  const word = '  #   severity: off removes a rule, for instance cache-hit-rate where the API reports no cached tokens'
  return uncached === null
    ? word
    : `${word},\n  #   as none of the log's ${count(uncached)} answers does: with - { metric: cache-hit-rate, severity: off } a night can be a GO`
}

/** Comments stand below each other, as far as there is room. */
function commented(line: string, comment: string): string {
  return `${line.padEnd(38)} # ${comment}`
}

function targetLines(arm: 'production' | 'candidate', { target, candidate, candidateUrl }: ConfigProposal): string {
  const isCandidate = arm === 'candidate'
  const model = isCandidate ? (candidate ?? placeholderModel.candidate) : (target?.model ?? placeholderModel.production)
  const ownUrl = target?.baseUrl ?? placeholderUrl
  const baseUrl = isCandidate ? (candidateUrl ?? ownUrl) : ownUrl
  const keyEnv = keyOf(arm, target)
  const toFill = '# ← fill in'
  return [
    `  ${arm}:`,
    commented(`    api: ${target?.api ?? 'openai-chat'}`, 'both arms speak the API that the log is written in'),
    ...(target?.vendor ? [`    vendor: ${target.vendor}`] : []),
    `    baseUrl: ${yamlWord(baseUrl)}${baseUrl === placeholderUrl ? `  ${toFill}` : ''}`,
    `    model: ${yamlWord(model)}${model === placeholderModel[arm] ? `  ${toFill}` : ''}`,
    ...(keyEnv === null
      ? []
      : [
          commented(
            `    keyFrom: { env: ${keyEnv} }`,
            `the variable's name, or that of a file in ${keyEnv}_FILE; never the key itself`,
          ),
        ]),
    '    concurrency: 8',
    '    timeoutMs: 120000',
    ...(isCandidate
      ? ['    # overrides: { temperature: 0 }', '    # pricePerMillion: { input: 1, output: 4 }']
      : [
          '    # limits: { requestsPerMinute: 500, tokensPerMinute: 200000 }   # of the key; a fifth is left to production',
          '    # pricePerMillion: { input: 2.5, cachedInput: 1.25, output: 10 }   # US dollars; what a night costs is known from it',
        ]),
  ].join('\n')
}

/** The candidate's may be another; where nothing is known the two have names of their own. */
export function keyOf(arm: 'production' | 'candidate', target: TargetGuess | null): string | null {
  if (target === null || target.keyEnv === 'PROD_KEY') return arm === 'production' ? 'PROD_KEY' : 'CAND_KEY'
  return target.keyEnv
}

function ruleLines(): string {
  return rolloutPolicy.rules
    .map(
      ({ metric, margin, severity }) =>
        `  #   - { metric: ${metric}, margin: ${Number((margin * 100).toFixed(3))}%, severity: ${severity} }`,
    )
    .join('\n')
}

/** Names of files and models may be anything. */
function yamlWord(text: string): string {
  return stringify(text, { lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd()
}

export function sizeReasonOf({ size, needed, isAll }: ProposedSize): string {
  if (needed === null) return 'the log can’t tell how many it takes; 2,000 decide a p95 within 20 %'
  const rules = isAll ? 'every blocking rule' : 'each blocking rule that the log tells of'
  if (needed > size) return `${rules} would take about ${count(needed)} (shadowgate plan)`
  return `about ${count(needed)} show ${rules} to hold (shadowgate plan)`
}
