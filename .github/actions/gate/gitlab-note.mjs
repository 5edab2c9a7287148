// For a GitLab job: creates or renews the one note on the merge request, and never fails the job by it.
// @ts-check

import { ApiError, ask, field, pages, patience, setting, textField } from './api.mjs'
import { commentOf, isMarked, markerOf } from './body.mjs'
import { handedOn } from './outcome.mjs'
import { upsert } from './upsert.mjs'

/** GitLab's limit of a note. */
const maxCharacters = 1_000_000

/** @type {import('./api.mjs').Api} */
const api = {
  base: setting('CI_API_V4_URL', 'https://gitlab.com/api/v4').replace(/\/+$/, ''),
  headers: { 'private-token': setting('GITLAB_TOKEN'), 'user-agent': 'shadowgate-gitlab-note' },
  ...patience(),
}

async function writeNote() {
  const marker = markerOf(setting('STICKY_ID'))
  const { folder, status, verdict } = handedOn()
  const { text } = commentOf(verdict, { folder, status }, { marker, max: maxCharacters })
  const id = field((await ask(api, 'GET', '/user')).json, 'id')
  const request = `/projects/${encodeURIComponent(setting('CI_PROJECT_ID'))}/merge_requests/${setting('CI_MERGE_REQUEST_IID')}`
  const notes = `${request}/notes`
  return upsert({
    find: async () => {
      for await (const note of pages(api, `${notes}?per_page=100&sort=asc&order_by=created_at`)) {
        if (isMarked(field(note, 'body'), marker) && field(field(note, 'author'), 'id') === id) {
          return textField(note, 'id')
        }
      }
      return null
    },
    renew: async (note) => idOf(await ask(api, 'PUT', `${notes}/${note}`, { body: text })),
    create: async () =>
      idOf(await ask(api, 'POST', notes, { body: text }, { canRepeat: (error) => !error.isUncertain })),
  })
}

/** @param {{ json: unknown }} answer */
function idOf({ json }) {
  return textField(json, 'id')
}

try {
  if (setting('CI_MERGE_REQUEST_IID') === '')
    process.stdout.write('This pipeline is not of a merge request: no note.\n')
  else if (setting('GITLAB_TOKEN') === '') {
    process.stdout.write('GITLAB_TOKEN is not set (a job’s own token can’t write notes): no note.\n')
  } else process.stdout.write(`Note ${await writeNote()}\n`)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  const why = error instanceof ApiError && error.isForbidden ? ' GITLAB_TOKEN needs the scope api.' : ''
  process.stdout.write(`No note: ${message}.${why} The job’s artifacts have the report.\n`)
}
