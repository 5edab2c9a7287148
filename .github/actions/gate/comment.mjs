// Step of the action: creates or renews the one comment on the pull request, and never fails the job by it.
// @ts-check

import { readFileSync } from 'node:fs'
import { ApiError, ask, field, pages, patience, setting, textField } from './api.mjs'
import { commentOf, isMarked, markerOf } from './body.mjs'
import { handedOn } from './outcome.mjs'
import { upsert } from './upsert.mjs'
import { annotate, setOutputs } from './workflow-commands.mjs'

/** GitHub answers 422 above it. */
const maxCharacters = 65_536

/** @type {import('./api.mjs').Api} */
const api = {
  base: setting('GITHUB_API_URL', 'https://api.github.com').replace(/\/+$/, ''),
  headers: {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${setting('GITHUB_TOKEN')}`,
    'user-agent': 'shadowgate-gate-action',
    'x-github-api-version': '2022-11-28',
  },
  ...patience(),
}

const repository = setting('GITHUB_REPOSITORY')

/** @returns {unknown} */
function readEvent() {
  const path = setting('GITHUB_EVENT_PATH')
  return path === '' ? null : JSON.parse(readFileSync(path, 'utf8'))
}

/**
 * The pull request that the event is about; null where there is none.
 * @param {unknown} event
 * @returns {Promise<number | null>}
 */
async function pullOf(event) {
  const direct = field(field(event, 'pull_request'), 'number')
  if (typeof direct === 'number') return direct
  const issue = field(event, 'issue')
  const ofIssue = field(issue, 'number')
  if (field(issue, 'pull_request') && typeof ofIssue === 'number') return ofIssue
  const run = field(event, 'workflow_run')
  return run ? pullOfRun(run) : null
}

/**
 * GitHub leaves `pull_requests` empty for forks. Branch and commit of the event are its own words, which the fork's job could not
 * write, so the comment can't be sent to another pull request.
 * @param {unknown} run
 */
async function pullOfRun(run) {
  const owner = field(field(field(run, 'head_repository'), 'owner'), 'login')
  const [branch, sha] = [field(run, 'head_branch'), field(run, 'head_sha')]
  if (typeof owner !== 'string' || typeof branch !== 'string') return null
  const head = encodeURIComponent(`${owner}:${branch}`)
  for await (const pull of pages(api, `/repos/${repository}/pulls?state=open&per_page=100&head=${head}`)) {
    const number = field(pull, 'number')
    if (field(field(pull, 'head'), 'sha') === sha && typeof number === 'number') return number
  }
  return null
}

/**
 * Who writes with this token. GET /user knows people; to the token of a job, and of any app, it answers 403, and then the
 * author's name is `github-actions[bot]` or what the input comment-author says.
 * @returns {Promise<(author: unknown) => boolean>}
 */
async function whoWrites() {
  const bot = setting('COMMENT_AUTHOR', 'github-actions[bot]')
  try {
    const { json } = await ask(api, 'GET', '/user')
    const id = field(json, 'id')
    return (author) => field(author, 'id') === id
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error
    return (author) => field(author, 'login') === bot && field(author, 'type') === 'Bot'
  }
}

/** @param {number} pull */
async function writeComment(pull) {
  const marker = markerOf(setting('STICKY_ID'))
  const { folder, status, verdict } = handedOn()
  const { text, isShort } = commentOf(verdict, { folder, status }, { marker, max: maxCharacters })
  if (isShort) annotate('notice', 'shadowgate', 'The report is longer than a comment may be: the comment points to it.')
  const isOwn = await whoWrites()
  const comments = `/repos/${repository}/issues/${pull}/comments`
  return upsert({
    find: async () => {
      for await (const comment of pages(api, `${comments}?per_page=100`)) {
        if (isMarked(field(comment, 'body'), marker) && isOwn(field(comment, 'user'))) return textField(comment, 'id')
      }
      return null
    },
    renew: async (id) =>
      addressOf(await ask(api, 'PATCH', `/repos/${repository}/issues/comments/${id}`, { body: text })),
    create: async () =>
      addressOf(await ask(api, 'POST', comments, { body: text }, { canRepeat: (error) => !error.isUncertain })),
  })
}

/** @param {{ json: unknown }} answer */
function addressOf({ json }) {
  return textField(json, 'html_url')
}

try {
  const pull = await pullOf(readEvent())
  if (pull === null) process.stdout.write('No pull request belongs to this event: no comment.\n')
  else {
    const url = await writeComment(pull)
    setOutputs({ 'comment-url': url })
    process.stdout.write(`Comment: ${url}\n`)
  }
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ApiError && error.isForbidden) {
    annotate(
      'notice',
      'No comment',
      `${message}. The token may not write here, as in a pull request from a fork or without pull-requests: write; the job’s summary has the report.`,
    )
  } else annotate('warning', 'No comment', `${message}. The job’s summary has the report.`)
}
