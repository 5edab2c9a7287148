// Secrets that clients and targets are asked with, quoted by servers and told by models: none of them is in anything that a router writes.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { startSpanCollector } from '../support/otlp-traces.ts'
import { credentialsAt, leaksIn, type Planted, textOf } from '../support/planted.ts'
import { askRouter as ask, openRouter } from '../support/seen-router.ts'
import { type Answer, completion, sendJson } from '../support/target.ts'

const own = {
  PROD_KEY: 'corp.production.0f1e2d3c4b',
  CAND_KEY: 'corp.candidate.4b5a69788a',
  TEAM_TOKEN: 'team.2d1c0b9a8c.token',
  TEMPO_KEY: 'corp.collector.77aa66bb55',
}
const client = {
  authorization: 'Bearer corp.client.9a8b7c6d5e',
  'x-api-key': 'corp.apikey.1a2b3c4d5e',
  cookie: 'theme=dark; sid=corp.cookie.5e6f7a8b9c',
}
const query = 'corp.query.6c5d4e3f2a'
const marks = [...Object.values(own), 'corp.client.9a8b7c6d5e', client['x-api-key'], 'corp.cookie.5e6f7a8b9c', query]
const planted: readonly Planted[] = [
  ...marks.map((mark) => ({ kind: mark, place: 'asked with', text: mark, mark })),
  ...credentialsAt('question'),
  ...credentialsAt('answer'),
]
/** As servers that quote what they were asked with. */
const quoting =
  (status: number): Answer =>
  ({ headers }, response) =>
    sendJson(response, status, {
      error: { message: `no: ${JSON.stringify(headers)} at ${response.req.url}`, code: headers.authorization },
    })
const telling: Answer = ({ headers }, response) =>
  sendJson(
    response,
    200,
    completion(`You sent ${JSON.stringify(headers)} to ${response.req.url}. ${textOf(credentialsAt('answer'))}`),
  )

it('no secret is in any output, whoever quotes it', async () => {
  const collector = await startSpanCollector()
  const shop = await openRouter({
    production: (request, response) => (request.number % 2 === 0 ? telling : quoting(400))(request, response),
    candidate: (request, response) => (request.number % 2 === 0 ? telling : quoting(503))(request, response),
    canary: {
      guards: { consecutive: 10 },
      overrideHeader: 'x-arm',
      key: [{ cookie: 'sid' }, { apiKey: true }],
      segments: { route: 'x-route' },
      otlp: { endpoint: collector.url, headers: { authorization: 'Bearer ${TEMPO_KEY}' } },
    },
    targets: { keyFrom: { env: 'PROD_KEY' }, headers: { 'x-team-token': '${TEAM_TOKEN}' } },
    env: own,
  })
  const { base, folder, stop, over, metrics, token } = shop
  const path = `/v1/chat/completions?key=${query}`
  const question = textOf(credentialsAt('question'))
  for (const arm of ['production', 'candidate', 'production', 'candidate', 'production', 'candidate']) {
    await (await ask(base, { ...client, 'x-arm': arm }, path, question)).text()
  }
  await (await ask(base, client, `/v1/embeddings?key=${query}`, question)).text()
  const log = join(folder, 'reports/canary.requests.jsonl')
  await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8').split('\n').length).toBeGreaterThan(6)
  await expect.poll(() => collector.spans.length).toBeGreaterThan(12)
  expect(collector.heads[0]?.headers['authorization']).toBe(`Bearer ${own.TEMPO_KEY}`)
  const seen = await metrics()
  const [ramp, json] = [await runCli(['ramp'], { cwd: folder }), await runCli(['ramp', '--json'], { cwd: folder })]
  const history = await runCli(['ramp', 'history'], { cwd: folder })
  stop()
  const { stdout, stderr, status } = await over
  expect(status).toBe(0)
  const journal = readFileSync(join(folder, 'reports/canary.journal.jsonl'), 'utf8')
  const requests = readFileSync(log, 'utf8')
  // They were quoted: what is looked through holds the places where they stood.
  expect(requests).toContain('You sent ')
  expect(requests).toContain('no: ')
  const places = { stdout, stderr, journal, requests, metrics: seen, spans: collector.raw() }
  const told = { ramp: ramp.stdout + ramp.stderr, json: json.stdout + json.stderr, history: history.stdout }
  const all = [...planted, { kind: 'token', place: 'door', text: token, mark: token }]
  const leaks = Object.entries({ ...places, ...told }).flatMap(([place, text]) =>
    leaksIn(text, all).map((leak) => `${leak} in ${place}`),
  )
  expect(leaks).toEqual([])
})

it('a candidate elsewhere that has no key is shown none, and what it refuses is its own failure', async () => {
  let path = ''
  const { base, candidate } = await openRouter({
    candidate: (_, response) => {
      path = response.req.url ?? ''
      sendJson(response, 401, { error: { message: 'who are you?' } })
    },
    canary: { tellsArm: true },
  })
  const response = await ask(base, client, `/v1/chat/completions?alt=sse&key=${query}`)
  expect([response.status, response.headers.get('x-shadowgate-arm')]).toEqual([200, 'production'])
  const asked = candidate.requests.at(-1)
  expect(asked?.body).toMatchObject({ model: 'next' })
  expect(path).toBe('/v1/chat/completions?alt=sse')
  for (const secret of Object.values(client)) expect(JSON.stringify(asked?.headers)).not.toContain(secret)
})
