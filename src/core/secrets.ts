// Strings that look like credentials, and a text without them.

/** What stands where a secret stood. No pattern below matches it, so cleaning twice changes nothing. */
export const secretMark = '[secret]'

/**
 * A text that this does not match holds none of the patterns below.
 * Every pattern needs one of these words; keep the two lists in step.
 */
const trigger =
  /sk-[\w*-]{12}|[srp]k_|AIza|AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox|hf_|gsk_|xai-|nvapi-|bearer|authorization|eyJ|api[-_]?key|subscription-key|(?:access|auth)[-_]?token|client[-_]?secret|[?&](?:key|token|sig|signature|secret|password)=|PRIVATE KEY/i

/** Every pattern below needs so long a run of these characters. */
const leastRun = 10
const isOfRun = new Uint8Array(128)
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=*~.%-')
  isOfRun[char.charCodeAt(0)] = 1

/** What makes a run a credential by itself: the trigger's words that stand in it. */
const inRun =
  /sk-[\w*-]{12}|[srp]k_|AIza|AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox|hf_|gsk_|xai-|nvapi-|eyJ|authorization|-----BEGIN/i
/** The others are made one by a word before them (`bearer`, `api_key=`), and have a digit and so many characters. */
const leastValue = 12
const digit = /\d/
const before = 48

/**
 * Whether the text may hold a credential. Prose has few runs that long, and of a text without one every third character is
 * looked at: several times as fast over a log as the trigger alone.
 */
function mayHoldSecret(text: string): boolean {
  /** Where the run that is looked for may begin. */
  let start = 0
  let at = leastRun - 1
  while (at < text.length) {
    let back = at
    while (back >= start && isOfRun[text.charCodeAt(back)] === 1) back -= 1
    if (back >= start) {
      start = back + 1
      at = back + leastRun
      continue
    }
    let end = at + 1
    while (end < text.length && isOfRun[text.charCodeAt(end)] === 1) end += 1
    if (isSuspicious(text, start, end)) return true
    start = end + 1
    at = end + leastRun
  }
  return false
}

/** What may be base64 of a credential with a little around it: nobody's name is that long. */
const leastEncoded = 24
const encoded = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}={0,2}/g

/** Whether it is base64 of a text, by how it begins: pictures, sounds and hashes do not begin like one. */
function isText(base64: string): boolean {
  return /^[\t\n\r -~]+$/.test(decoded(base64.slice(0, leastEncoded)))
}

const decoded = (base64: string) => Buffer.from(base64, 'base64').toString('utf8')

function isSuspicious(text: string, start: number, end: number): boolean {
  const own = text.slice(start, end)
  if (inRun.test(own) || (own.length >= leastEncoded && own.match(encoded)?.some(isText))) return true
  if (own.length < leastValue || !digit.test(own)) return false
  return trigger.test(text.slice(Math.max(0, start - before), end))
}

/**
 * One entry for each kind of credential. Vendors' own prefixes are matched with their minimal length; where a word of
 * prose could match (`sk-learn-…`, `bearer of …`, `api_key=settings.KEY`), a digit is asked for in the random part.
 * Each opens at a boundary, so that a hostile text is not scanned once for each of its characters. A group called
 * `keep` stays in the text. Before a quote there may be backslashes: JSON in a text of JSON.
 */
const patterns: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
  // OpenAI, Anthropic, OpenRouter and their like; `*` because providers quote masked keys in their errors.
  /(?<![A-Za-z0-9])sk-(?:proj|ant|or|svcacct|admin|None|lf|live|test)-[A-Za-z0-9_*-]{12,}/g,
  /(?<![A-Za-z0-9])sk-(?:[A-Za-z0-9]{1,32}-){0,3}(?=[A-Za-z_]*[0-9*])[A-Za-z0-9_*]{16,}/g,
  /(?<![A-Za-z0-9])[srp]k_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,}/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{20,})/g,
  /(?<![A-Za-z0-9])xox[a-z]-[A-Za-z0-9-]{10,}/g,
  /(?<![A-Za-z0-9])(?:hf_|gsk_|xai-|nvapi-)(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}/g,
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/g,
  /(?<keep>authorization\\{0,7}["']?\s{0,3}[:=]\s{0,3}\\{0,7}["']?(?:basic|bearer|token|digest)\s{1,3})[A-Za-z0-9._~+/=-]{6,}/gi,
  /(?<keep>(?<![A-Za-z0-9])bearer\s{1,4})(?=[A-Za-z._~+/=-]*\d)[A-Za-z0-9._~+/=-]{16,}/gi,
  /(?<keep>(?:api[-_]?key|access[-_]?token|auth[-_]?token|client[-_]?secret|subscription-key)\\{0,7}["']?\s{0,3}[:=]\s{0,3}\\{0,7}["']?)(?=[A-Za-z_~+/%-]*\d)[A-Za-z0-9_~+/%=-]{16,}/gi,
  /(?<keep>[?&](?:key|token|sig|signature|secret|password)=)(?=[A-Za-z_~+/%.-]*\d)[A-Za-z0-9_~+/%=.-]{12,}/gi,
]

/** A text without what looks like a credential, and how many there were. The mark is `secretMark`. */
export function withoutSecrets(text: string): { readonly text: string; readonly found: number } {
  if (!mayHoldSecret(text)) return { text, found: 0 }
  let found = 0
  let cleaned = text
  for (const pattern of patterns) {
    cleaned = cleaned.replace(pattern, (...match) => {
      found += 1
      const groups: unknown = match.at(-1)
      return `${keptOf(groups)}${secretMark}`
    })
  }
  cleaned = cleaned.replace(encoded, (run) => {
    const inside = isText(run) ? withoutSecrets(decoded(run)).found : 0
    found += inside
    // The whole of it: what is cut out of base64 makes the rest unreadable.
    return inside > 0 ? secretMark : run
  })
  return { text: cleaned, found }
}

function keptOf(groups: unknown): string {
  if (typeof groups !== 'object' || groups === null || !('keep' in groups)) return ''
  return typeof groups.keep === 'string' ? groups.keep : ''
}
