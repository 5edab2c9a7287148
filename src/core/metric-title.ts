// Metrics by the names that people read: one vocabulary for the gate's sentences and for the reports.

/** Whole names whose words do not follow from their spelling. */
const titles: Readonly<Record<string, string>> = {
  finished: 'Finished by itself',
  'cache-hit-rate': 'Cache-hit rate',
  'json-kept': 'Kept as JSON',
  variety: 'Answers given more than once',
  'same-normal-text': 'Same text but for case and punctuation',
}

/** Openings of names. */
const parts: Readonly<Record<string, string>> = {
  'first-token': 'time to first token',
  ttft: 'time to first token',
  'json-valid': 'valid JSON',
  usd: 'USD',
  json: 'JSON',
}

/** `ttft-p95` is "Time to first token p95". Unknown names are spelled out. */
export function titleOfMetric(name: string): string {
  if (name.startsWith('assert-')) return `Check: ${name.slice('assert-'.length)}`
  const title = titles[name]
  if (title !== undefined) return title
  const known = Object.keys(parts).find((part) => name === part || name.startsWith(`${part}-`))
  const words = known === undefined ? name : `${parts[known]}${name.slice(known.length)}`
  const text = words.replaceAll('-', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
