// What maps of the config left unread, told after an ingest: places in the log, and never what stands there.

import type { LogFile } from '../../ingest/find.ts'
import type { Coverage } from '../../ingest/mapping/census.ts'
import type { Mapping } from '../../ingest/mapping.ts'

export interface MappingReport extends Coverage {
  /** The files that the map was for. */
  readonly files: readonly string[]
}

/** One report for each map, after its files were read. */
export function mappingsOf(files: readonly LogFile[]): readonly MappingReport[] {
  const names = new Map<Mapping, string[]>()
  for (const { name, format } of files) {
    if (!isMapping(format)) continue
    const before = names.get(format)
    if (before === undefined) names.set(format, [name])
    else before.push(name)
  }
  return [...names].map(([mapping, of]) => ({ files: of, ...mapping.coverage() }))
}

function isMapping(format: LogFile['format']): format is Mapping {
  return typeof format === 'object' && format !== null && 'coverage' in format
}

/** A line for each path that found nothing, and one for what no path covers. */
export function mappingWordsOf(report: MappingReport): readonly string[] {
  const { files, lines, unmatched, unreadable, unmapped, unmappedCount } = report
  const [first = '', ...more] = files
  const where = more.length === 0 ? first : `${first} and ${more.length} more`
  const missed = unmatched.map(({ key, path, nearest }) => {
    const meant = nearest === null ? '' : `; there is ${nearest}`
    return `mapping  ${where}: map.${key} found nothing at ${path} in ${lines} lines${meant}`
  })
  const unread = unreadable.map(
    (each) =>
      `mapping  ${where}: map.${each.key} cannot read what is at ${each.path} in ${each.lines} of ${lines} lines`,
  )
  if (unmappedCount === 0) return [...missed, ...unread]
  const shown = unmapped.map((each) => `${each.path} (${each.lines})`).join(', ')
  const rest = unmappedCount > unmapped.length ? `, and ${unmappedCount - unmapped.length} more` : ''
  return [...missed, ...unread, `mapping  ${where}: not mapped, with the lines that have it: ${shown}${rest}`]
}
