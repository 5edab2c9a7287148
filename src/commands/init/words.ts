// What `init` says, in this order: what was found, what was written, what is missing, the next command, the line to schedule.

import { count, fileSize, minute, span, usd } from '../../report/format.ts'
import { trafficWords } from '../ingest/ingest-words.ts'
import type { FoundLogs } from './found-logs.ts'
import type { Survey } from './survey.ts'

export interface Told {
  readonly config: string
  readonly entries: readonly string[]
  readonly found: FoundLogs
  /** null where no log was found. */
  readonly survey: Survey | null
  readonly missing: readonly string[]
  readonly next: string
  readonly schedule: string
}

export function initWords(told: Told): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Found', told.survey === null ? nothingFound(told) : foundLines(told, told.survey)],
    ['Written', [told.config, ...(told.survey === null ? [] : sizeLines(told.survey))]],
    ['Missing', told.missing.length === 0 ? ['nothing'] : told.missing],
    ['Next', [told.next]],
    ['Every night', [told.schedule]],
  ]
  return sections.map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}`).join('\n')}`).join('\n')
}

function nothingFound({ found }: Told): string[] {
  const { unknown } = found
  const [first] = unknown
  return [
    first === undefined
      ? 'no logs here'
      : `no log that a format knows; ${count(unknown.length)} ${unknown.length === 1 ? 'file looks' : 'files look'} like one: ${first}${unknown.length > 1 ? ', …' : ''}`,
    'Put the requests and answers of your product into logs/: an export of your gateway or tracer (shadowgate formats lists what is',
    'read as it is), or JSON lines of { "request": …, "response": … } that your service writes. Then: shadowgate init --force',
  ]
}

function foundLines({ entries, found }: Told, survey: Survey): string[] {
  const { formats, traffic, apis, models, times, segments, read } = survey
  const files = `${count(found.logs.length)} ${found.logs.length === 1 ? 'file' : 'files'}`
  return [
    `logs      ${entries.join(', ')}: ${files}, ${formats.join(', ')}`,
    ...(read.bytes < read.ofBytes
      ? [`          read for this: ${fileSize(read.bytes)} of ${fileSize(read.ofBytes)}`]
      : []),
    ...trafficWords(traffic).map((line, index) => `${index === 0 ? 'calls     ' : '          '}${line}`),
    `APIs      ${apis.map(({ api, records }) => `${api} (${count(records)})`).join(', ') || 'none that can be replayed'}`,
    `models    ${models.slice(0, 5).join(', ') || 'the log does not tell'}`,
    ...(times === null ? ['times     the log has none'] : timeLines(times)),
    ...(segments.length > 0 ? [`segments  ${segments.map(({ key, values }) => `${key} (${values})`).join(', ')}`] : []),
    ...(found.unknown.length > 0
      ? [`          no format knows ${found.unknown.slice(0, 3).join(', ')}${found.unknown.length > 3 ? ', …' : ''}`]
      : []),
    ...(found.passedOver > 0 ? [`          ${count(found.passedOver)} older files were not looked into`] : []),
  ]
}

function timeLines({ first, last, callsPerDay, days, gaps }: NonNullable<Survey['times']>): string[] {
  const rate = callsPerDay === null ? '' : `, about ${count(callsPerDay)} calls a day`
  return [
    `times     ${minute(first)} to ${minute(last)}${rate}`,
    ...(gaps.length > 0
      ? [
          `          no call on ${count(gaps.length)} of ${count(days)} days: ${gaps.slice(0, 3).join(', ')}${gaps.length > 3 ? ', …' : ''}`,
        ]
      : []),
  ]
}

function sizeLines({ size, forecast, times, apis }: Survey): string[] {
  const replayable = apis[0]?.records ?? 0
  const perNight = times?.callsPerDay ?? null
  const reason =
    size.needed === null
      ? 'the log can’t tell how many pairs the rules take, a first run will'
      : `${size.isAll ? 'every blocking rule' : 'each blocking rule that the log tells of'} is shown to hold by about ${count(size.needed)} pairs, if the candidate equals production`
  return [
    `size      ${count(size.size)} records a night: ${reason}`,
    ...(perNight !== null && size.needed !== null && perNight < size.needed
      ? [
          `          a night brings about ${count(perNight)} new calls: fewer than that, so many nights will be INCONCLUSIVE; wider margins, or a run by the week`,
        ]
      : []),
    ...(replayable < size.size ? [`          the log has ${count(replayable)} of them now`] : []),
    ...(forecast === null ? [] : [`night     ${forecastWords(forecast)}`]),
  ]
}

function forecastWords({ pairs, arms, costUsd, seconds }: NonNullable<Survey['forecast']>): string {
  const { production, candidate } = arms
  const output =
    production.outputTokens === null
      ? ''
      : ` and ${count(production.outputTokens + (candidate.outputTokens ?? 0))} output`
  return [
    `${count(pairs)} pairs, ${count(production.requests + candidate.requests)} requests`,
    `about ${count(production.inputTokens + candidate.inputTokens)} input${output} tokens`,
    costUsd === null ? 'cost: known once prices are in the config' : `about ${usd(costUsd)}`,
    seconds === null ? 'time: the log tells no latencies' : `about ${span(seconds * 1000)}`,
  ].join('; ')
}
