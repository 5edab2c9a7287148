// Requests to a forge's API: with a deadline, tried again politely, a list with all its pages.
// @ts-check

const tries = 4
/** Longer than this we don't hold up a job for a comment. */
const maxWaitMs = 60_000

/**
 * @typedef {object} Api
 * @property {string} base without a slash at its end
 * @property {Readonly<Record<string, string>>} headers
 * @property {number} [pauseMs] before the second try; doubles with each
 * @property {number} [timeoutMs] of one try
 */

/** What the forge refused, or did not answer: `status` is 0 where no answer came. */
export class ApiError extends Error {
  /**
   * @param {string} what
   * @param {number} status
   * @param {string} detail
   */
  constructor(what, status, detail) {
    super(`${what}: ${status === 0 ? 'no answer' : `HTTP ${status}`}${detail === '' ? '' : `, ${detail}`}`)
    this.name = 'ApiError'
    this.status = status
    /** How long to wait before anything is asked again. */
    this.pauseMs = 0
  }

  /** The token may not do this, as that of a pull request from a fork. */
  get isForbidden() {
    return this.status === 401 || this.status === 403
  }

  /** The forge may have done it and lost the answer. */
  get isUncertain() {
    return this.status === 0 || this.status >= 500
  }
}

/**
 * Asks until there is an answer that another try would not change. Throws ApiError.
 * @param {Api} api
 * @param {string} method
 * @param {string} path below the base, or the address of a next page
 * @param {unknown} [body]
 * @param {{ canRepeat?: (error: ApiError) => boolean }} [options]
 * @returns {Promise<{ json: unknown, next: string | null }>}
 */
export async function ask(api, method, path, body, { canRepeat = () => true } = {}) {
  const url = path.startsWith('/') ? `${api.base}${path}` : path
  // A next page elsewhere would be told our token.
  if (new URL(url).origin !== new URL(api.base).origin)
    throw new ApiError(`${method} ${url}`, 0, 'not on the API’s host')
  const what = `${method} ${new URL(url).pathname}`
  for (let number = 1; ; number += 1) {
    const { answer, error, waitMs } = await once(api, what, method, url, body)
    if (answer) return answer
    const pauseMs = waitMs ?? (api.pauseMs ?? 1000) * 2 ** (number - 1)
    error.pauseMs = Math.min(pauseMs, maxWaitMs)
    const isWorthIt = error.isUncertain || error.status === 404 || error.status === 429 || waitMs !== null
    if (!isWorthIt || number === tries || pauseMs > maxWaitMs || !canRepeat(error)) throw error
    await waited(pauseMs)
  }
}

/**
 * @param {number} pauseMs
 * @returns {Promise<void>}
 */
export function waited(pauseMs) {
  return new Promise((resolve) => setTimeout(resolve, pauseMs))
}

/**
 * @param {Api} api
 * @param {string} what
 * @param {string} method
 * @param {string} url
 * @param {unknown} body
 */
async function once(api, what, method, url, body) {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...api.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(api.timeoutMs ?? 20_000),
      // GitLab's header with the token would go along to wherever it leads.
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (response.ok)
      return { answer: { json: parsed(text), next: nextPage(response.headers) }, error: null, waitMs: null }
    const error = new ApiError(what, response.status, messageOf(text))
    return { answer: null, error, waitMs: waitOf(response) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { answer: null, error: new ApiError(what, 0, detail), waitMs: null }
  }
}

/**
 * How long the forge asks to be left alone; null where it does not. A 403 with `retry-after` is a secondary rate limit, one
 * without is a refusal.
 * @param {Response} response
 */
function waitOf({ status, headers }) {
  if (status !== 403 && status !== 429 && status !== 503) return null
  const after = headers.get('retry-after')
  if (after !== null && /^\d+$/.test(after)) return Number(after) * 1000
  const reset = Number(headers.get('x-ratelimit-reset'))
  if (headers.get('x-ratelimit-remaining') !== '0' || !(reset > 0)) return null
  return Math.max(0, reset * 1000 - Date.now())
}

/** @param {string} text */
function parsed(text) {
  try {
    return /** @type {unknown} */ (JSON.parse(text))
  } catch {
    return null
  }
}

/** @param {string} text */
function messageOf(text) {
  const message = field(parsed(text), 'message')
  return typeof message === 'string' ? message.slice(0, 300) : ''
}

/**
 * The address of the next page, of RFC 8288's Link header as GitHub and GitLab write it.
 * @param {Headers} headers
 */
function nextPage(headers) {
  const links = (headers.get('link') ?? '').split(/,\s*(?=<)/)
  const next = links.find((link) => /;\s*rel="?next"?/.test(link))
  return /<([^>]+)>/.exec(next ?? '')?.[1] ?? null
}

/**
 * Items of all pages, as they come.
 * @param {Api} api
 * @param {string} path
 * @returns {AsyncGenerator}
 */
export async function* pages(api, path) {
  for (let at = /** @type {string | null} */ (path); at !== null; ) {
    const { json, next } = await ask(api, 'GET', at)
    if (Array.isArray(json)) yield* json
    at = next
  }
}

/**
 * A field of what may be anything.
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
export function field(value, name) {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/**
 * A field as text; empty where it is none.
 * @param {unknown} value
 * @param {string} name
 */
export function textField(value, name) {
  const found = field(value, name)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

/**
 * @param {string} name
 * @param {string} fallback
 */
export function setting(name, fallback = '') {
  return process.env[name] || fallback
}

/**
 * Waits and deadlines, for forges that are slow: both have a default.
 * @returns {{ pauseMs?: number, timeoutMs?: number }}
 */
export function patience() {
  const [pauseMs, timeoutMs] = [process.env['RETRY_PAUSE_MS'], process.env['REQUEST_TIMEOUT_MS']]
  return {
    ...(pauseMs ? { pauseMs: Number(pauseMs) } : {}),
    ...(timeoutMs ? { timeoutMs: Number(timeoutMs) } : {}),
  }
}
