// The one comment on a pull request: found among all, nobody else's touched, and no refusal fails the job.

import { describe, expect, it } from 'vitest'
import { marker } from '../../src/report/markdown.ts'
import { type Author, bot, type Forge, type ForgeComment, startForge, stranger } from '../support/forge.ts'
import { eventFile, type Ran, reportFolder, runScript } from '../support/gate-script.ts'
import { sendJson } from '../support/target.ts'

const list = '/repos/o/r/issues/3/comments'
const pullRequest = { pull_request: { number: 3 } }
const talk = (count: number, from = 1): ForgeComment[] =>
  Array.from({ length: count }, (_, index) => ({ id: from + index, body: `remark ${index}`, author: stranger }))
const old = (id: number, author: Author = bot, line: string = marker): ForgeComment => ({
  id,
  body: `${line}\r\n\r\nold`,
  author,
})

function comment(forge: Forge, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return runScript('comment', {
    GITHUB_API_URL: forge.url,
    GITHUB_EVENT_PATH: eventFile(pullRequest),
    REPORT_FOLDER: reportFolder(),
    GATE_STATUS: '1',
    ...env,
  })
}

describe('finding ours', () => {
  it('writes the first', async () => {
    const forge = await startForge({ comments: talk(2) })
    const ran = await comment(forge, { JOB_URL: 'https://forge.example/run/1' })
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect(forge.comments).toHaveLength(3)
    expect(forge.comments[2]?.body).toMatch(/^<!-- shadowgate:report -->\n\n## ✗ NO-GO[^]*\n\n\[Log\]\(https:/)
    expect(ran.outputs['comment-url']).toBe('https://forge.example/o/r/pull/3#issuecomment-1002')
    expect(new Set(forge.tokens)).toEqual(new Set(['Bearer ghs_test']))
  })

  it('renews the one that is on the third page of 250', async () => {
    const forge = await startForge({ comments: [...talk(230), old(900), ...talk(19, 400)] })
    const ran = await comment(forge)
    expect(ran.outputs['comment-url']).toContain('issuecomment-900')
    expect(forge.comments).toHaveLength(250)
    expect(forge.comments[230]?.body).toContain('NO-GO')
    expect(forge.asked.filter((what) => what === `GET ${list}`)).toHaveLength(3)
  })

  it.each([
    ['a person’s', stranger],
    ['another app’s', { id: 5, login: 'other[bot]', type: 'Bot' } as const],
    ['a person’s who took the bot’s name', { id: 6, login: bot.login, type: 'User' } as const],
  ])('leaves %s comment with our marker alone', async (_, author) => {
    const forge = await startForge({ comments: [old(1, author)] })
    await comment(forge)
    expect(forge.comments.map(({ body }) => body.includes('NO-GO'))).toEqual([false, true])
  })

  it('knows the comments of a person’s token by the person', async () => {
    const me = { id: 70, login: 'ann', type: 'User' } as const
    const forge = await startForge({ self: me, comments: [old(1, stranger), old(2, me)] })
    expect((await comment(forge)).outputs['comment-url']).toContain('issuecomment-2')
  })

  it('knows those of another app by its name', async () => {
    const app = { id: 71, login: 'our-app[bot]', type: 'Bot' } as const
    const forge = await startForge({ self: app, comments: [old(1, app)] })
    expect((await comment(forge, { COMMENT_AUTHOR: app.login })).outputs['comment-url']).toContain('issuecomment-1')
  })

  it('keeps one comment for each sticky id, and marks it as such', async () => {
    const forge = await startForge({ comments: [old(1), { ...old(2), body: `hello\n${marker}` }] })
    for (const id of ['chat', 'search', 'chat']) await comment(forge, { STICKY_ID: id })
    expect(forge.comments.slice(2).map(({ body }) => body.split('\n')[0])).toEqual([
      '<!-- shadowgate:report chat -->',
      '<!-- shadowgate:report search -->',
    ])
    expect(forge.comments.slice(2).every(({ body }) => !body.includes(marker))).toBe(true)
    expect(forge.comments[0]?.body).toContain('old')
  })

  it('finds the API below a path, as on GitHub Enterprise Server', async () => {
    const forge = await startForge({ path: '/api/v3', comments: [...talk(100), old(900)] })
    expect((await comment(forge)).outputs['comment-url']).toContain('issuecomment-900')
  })
})

describe('whose pull request', () => {
  const run = { head_branch: 'fix', head_sha: 'abc', head_repository: { owner: { login: 'fork' } }, pull_requests: [] }

  it.each([
    ['a push', { ref: 'refs/heads/main' }],
    ['an issue', { issue: { number: 3 } }],
    ['a workflow of a branch without one', { workflow_run: run }],
  ])('none: %s asks for no comment', async (_, event) => {
    const forge = await startForge()
    const ran = await comment(forge, { GITHUB_EVENT_PATH: eventFile(event) })
    expect(ran.stdout).toBe('No pull request belongs to this event: no comment.\n')
    expect(forge.comments).toEqual([])
  })

  it('takes that of a comment', async () => {
    const forge = await startForge()
    await comment(forge, { GITHUB_EVENT_PATH: eventFile({ issue: { number: 3, pull_request: {} } }) })
    expect(forge.comments).toHaveLength(1)
  })

  it('takes that of a fork’s workflow by branch and commit', async () => {
    const pulls = [
      { number: 2, head: { sha: 'older' } },
      { number: 3, head: { sha: 'abc' } },
    ]
    const forge = await startForge({ pulls })
    await comment(forge, { GITHUB_EVENT_PATH: eventFile({ workflow_run: run }) })
    expect(forge.comments).toHaveLength(1)
  })
})

describe('what the forge may refuse', () => {
  it.each([401, 403])('a %i is a notice: the token may only read', async (status) => {
    const forge = await startForge({
      instead: (what, _, response) => {
        const isOurs = what === `POST ${list}`
        if (isOurs) sendJson(response, status, { message: 'Resource not accessible by integration' })
        return isOurs
      },
    })
    const ran = await comment(forge)
    expect(ran.status).toBe(0)
    expect(ran.stdout).toMatch(/^::notice title=No comment::POST .*HTTP 40\d, Resource not accessible by integration\./)
    expect(forge.asked.filter((what) => what.startsWith('POST'))).toHaveLength(1)
  })

  it.each([
    ['404', 404, {}],
    ['429', 429, { 'retry-after': '0' }],
    ['a secondary rate limit', 403, { 'retry-after': '0' }],
    ['a spent rate limit', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }],
    ['502', 502, {}],
  ])('%s is asked again, and the comment is written once', async (_, status, headers) => {
    const forge = await startForge({
      instead: (what, number, response) => {
        const isRefused = what !== 'GET /user' && number === 1
        if (isRefused) sendJson(response, status, { message: 'not now' }, headers)
        return isRefused
      },
    })
    const ran = await comment(forge)
    expect(ran.outputs['comment-url'], ran.stdout).toContain('issuecomment')
    expect(forge.comments).toHaveLength(1)
  })

  it('gives up after four tries, with a warning and without failing', async () => {
    const forge = await startForge({
      instead: (what, _, response) => {
        if (what === `GET ${list}`) response.writeHead(502).end('<html>bad gateway</html>')
        return what === `GET ${list}`
      },
    })
    const ran = await comment(forge)
    expect(ran).toMatchObject({ status: 0, outputs: {} })
    expect(ran.stdout).toMatch(/^::warning title=No comment::GET .*HTTP 502/)
    expect(forge.asked.filter((what) => what === `GET ${list}`)).toHaveLength(4)
  })

  it('does not ask again what is refused for what it is', async () => {
    const forge = await startForge({
      instead: (what, _, response) => {
        if (what === `POST ${list}`) sendJson(response, 422, { message: 'Validation Failed' })
        return what === `POST ${list}`
      },
    })
    expect((await comment(forge)).stdout).toMatch(/^::warning title=No comment::POST .*HTTP 422, Validation Failed/)
    expect(forge.asked.filter((what) => what === `POST ${list}`)).toHaveLength(1)
  })

  it('does not wait an hour for a comment', async () => {
    const forge = await startForge({
      instead: (what, _, response) => {
        if (what === `GET ${list}`) sendJson(response, 429, { message: 'slow down' }, { 'retry-after': '3600' })
        return what === `GET ${list}`
      },
    })
    expect((await comment(forge)).stdout).toContain('HTTP 429')
    expect(forge.asked.filter((what) => what === `GET ${list}`)).toHaveLength(1)
  })

  it('leaves one comment where the answer to the first try was lost', async () => {
    const forge = await startForge({ isLost: (what, number) => what === `POST ${list}` && number === 1 })
    const ran = await comment(forge)
    expect(forge.comments).toHaveLength(1)
    expect(ran.outputs['comment-url'], ran.stdout).toContain('issuecomment-1000')
  })

  it('asks again where an answer does not come', async () => {
    const forge = await startForge({ instead: (what, number) => what === `GET ${list}` && number === 1 })
    const ran = await comment(forge, { REQUEST_TIMEOUT_MS: '400' })
    expect(ran.outputs['comment-url'], ran.stdout).toContain('issuecomment')
  })

  it('writes a new one where ours was deleted meanwhile', async () => {
    const forge = await startForge({
      comments: [old(900)],
      instead: (what, _, response) => {
        const isRenewed = what.startsWith('PATCH')
        if (isRenewed) {
          forge.comments.splice(0)
          sendJson(response, 404, { message: 'Not Found' })
        }
        return isRenewed
      },
    })
    await comment(forge)
    expect(forge.comments.map(({ id }) => id)).toEqual([1000])
  })

  it('tells the token to nobody else, whatever a Link header says', async () => {
    const elsewhere = await startForge()
    const forge = await startForge({
      instead: (what, _, response) => {
        const isList = what === `GET ${list}`
        if (isList) sendJson(response, 200, [], { link: `<${elsewhere.url}${list}?page=2>; rel="next"` })
        return isList
      },
    })
    expect((await comment(forge)).stdout).toContain('not on the API')
    expect(elsewhere.asked).toEqual([])
  })
})

describe('what is written', () => {
  it('points to the report where that is longer than a comment may be', async () => {
    const forge = await startForge()
    const ran = await comment(forge, {
      REPORT_FOLDER: reportFolder(`${marker}\n${'x'.repeat(65_600)}`),
      ARTIFACT_URL: 'https://forge.example/artifact/1',
    })
    expect(ran.stdout).toContain('::notice title=shadowgate::The report is longer than a comment may be')
    expect(forge.comments[0]?.body).toBe(
      `${marker}\n\n## NO-GO\n\nThe report is too long to be shown here.\n\n[Report](https://forge.example/artifact/1)\n`,
    )
  })

  it('takes back an older verdict where the gate could not judge', async () => {
    const forge = await startForge({ comments: [old(900)] })
    await comment(forge, { REPORT_FOLDER: '', GATE_STATUS: '69' })
    expect(forge.comments[0]?.body).toContain('## shadowgate could not judge\n\nIt ended with status 69')
  })

  it('refuses a sticky id that would end the marker', async () => {
    const forge = await startForge()
    const ran = await comment(forge, { STICKY_ID: 'a --> <b>' })
    expect(ran.stdout).toContain('::warning title=No comment::sticky-id')
    expect(forge.comments).toEqual([])
  })
})
