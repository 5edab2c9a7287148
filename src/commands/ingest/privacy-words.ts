// What an ingest says of personal data: what was replaced, what else was looked for, what cannot be found.

import { detectors } from '../../ingest/personal/detectors.ts'
import type { PersonalDataOptions } from '../../ingest/personal/personal-data.ts'
import type { FileSummary } from '../../ingest/tally.ts'
import type { Config } from '../config/schema.ts'

/** What of an ingest's personal data is told, stored and put into `--json`. */
export interface PrivacySummary {
  /** Whether personal data was looked for at all. */
  readonly isOn: boolean
  /** The kinds that were, each with what was replaced of it in all files. */
  readonly replaced: Readonly<Record<string, number>>
  /** Records in which some was. */
  readonly records: number
}

/** The config as what the ingest takes; null where personal data is kept. */
export function personalDataOf({ privacy }: Config): Omit<PersonalDataOptions, 'salt'> | null {
  if (!privacy.personalData) return null
  const without = Object.entries(privacy.detectors).flatMap(([kind, isOn]) => (isOn ? [] : [kind]))
  return { without, patterns: privacy.patterns }
}

export function privacySummaryOf(config: Config, files: readonly FileSummary[]): PrivacySummary {
  const sought = personalDataOf(config)
  const builtIn = detectors.map(({ kind }) => kind).filter((kind) => sought?.without.includes(kind) === false)
  const kinds = [...builtIn, ...(sought?.patterns ?? []).map(({ name }) => name)]
  const countOf = (kind: string) => files.reduce((sum, { personalData }) => sum + (personalData[kind] ?? 0), 0)
  return {
    isOn: sought !== null,
    replaced: Object.fromEntries(kinds.map((kind) => [kind, countOf(kind)])),
    records: files.reduce((sum, { personalRecords }) => sum + personalRecords, 0),
  }
}

export const privacyOffWords = 'privacy  off (privacy.personalData: false): personal data is stored as the log has it'

export function privacyWords({ replaced, records }: PrivacySummary): string {
  const counts = Object.entries(replaced)
  const found = counts.filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kindWords(kind)}`)
  const others = counts.filter(([, count]) => count === 0).map(([kind]) => kindWords(kind))
  const said =
    found.length === 0
      ? 'none found'
      : `${found.join(', ')} replaced ${records === 0 ? 'in feedback alone' : `in ${records} ${records === 1 ? 'record' : 'records'}`}`
  const also = others.length === 0 ? '' : `; ${found.length === 0 ? '' : 'also '}looked for: ${others.join(', ')}`
  return `privacy  personal data: ${said}${also}; best effort, names and postal addresses are not found`
}

/** A kind of personal data as people say it, of several. */
export function kindWords(kind: string): string {
  return detectors.find((each) => each.kind === kind)?.plural ?? kind
}
