// The one note on a merge request, over GitLab's API.

import { expect, it } from 'vitest'
import { marker } from '../../src/report/markdown.ts'
import { type Author, type ForgeComment, startForge, stranger } from '../support/forge.ts'
import { reportFolder, runScript } from '../support/gate-script.ts'
import { sendJson } from '../support/target.ts'

const me: Author = { id: 70, login: 'project_1_bot', type: 'User' }
const job = { CI_PROJECT_ID: 'g/p', CI_MERGE_REQUEST_IID: '3', GITLAB_TOKEN: 'glpat-test', GATE_STATUS: '1' }
const note = (id: number, author: Author): ForgeComment => ({ id, body: `${marker}\n\nold`, author })

it('writes the first, then renews it on whatever page it is', async () => {
  const talk = Array.from({ length: 130 }, (_, index) => note(index, stranger))
  const forge = await startForge({ path: '/api/v4', self: me, comments: talk })
  const env = { ...job, CI_API_V4_URL: forge.url, REPORT_FOLDER: reportFolder() }
  expect((await runScript('gitlab-note', env)).stdout).toBe('Note 1130\n')
  expect((await runScript('gitlab-note', env)).stdout).toBe('Note 1130\n')
  expect(forge.comments).toHaveLength(131)
  expect(forge.comments[130]?.body).toMatch(/^<!-- shadowgate:report -->\n\n## ✗ NO-GO/)
  expect(forge.comments.slice(0, 130).every(({ body }) => body.endsWith('old'))).toBe(true)
  expect(new Set(forge.tokens)).toEqual(new Set(['glpat-test']))
})

it.each([
  ['without a merge request', { CI_MERGE_REQUEST_IID: '' }, 'This pipeline is not of a merge request: no note.'],
  ['without a token', { GITLAB_TOKEN: '' }, 'GITLAB_TOKEN is not set'],
])('asks nothing %s', async (_, parts, said) => {
  const forge = await startForge({ self: me })
  const ran = await runScript('gitlab-note', { ...job, CI_API_V4_URL: forge.url, ...parts })
  expect(ran).toMatchObject({ status: 0, stderr: '' })
  expect(ran.stdout).toContain(said)
  expect(forge.asked).toEqual([])
})

it('says that the token may not, and fails nothing', async () => {
  const forge = await startForge({
    instead: (_, __, response) => {
      sendJson(response, 401, { message: '401 Unauthorized' })
      return true
    },
  })
  const ran = await runScript('gitlab-note', { ...job, CI_API_V4_URL: forge.url })
  expect(ran.status).toBe(0)
  expect(ran.stdout).toContain('HTTP 401, 401 Unauthorized. GITLAB_TOKEN needs the scope api.')
})

it('leaves one note where the answer to the first try was lost', async () => {
  const forge = await startForge({ self: me, isLost: (what, number) => what.startsWith('POST') && number === 1 })
  const ran = await runScript('gitlab-note', { ...job, CI_API_V4_URL: forge.url, REPORT_FOLDER: reportFolder() })
  expect(ran.stdout).toBe('Note 1000\n')
  expect(forge.comments).toHaveLength(1)
})

it('tells the token to nobody that it is sent on to', async () => {
  const elsewhere = await startForge({ self: me })
  const forge = await startForge({
    instead: (_, __, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/user` }).end()
      return true
    },
  })
  const ran = await runScript('gitlab-note', { ...job, CI_API_V4_URL: forge.url })
  expect(ran.stdout).toContain('HTTP 302')
  expect(elsewhere.asked).toEqual([])
})
