// Whether two runs asked the same, and what follows from the requests that both sent.

import { describe, expect, it } from 'vitest'
import { likenessOf } from '../../src/report/against/likeness.ts'
import type { AgainstInput, ReportInput } from '../../src/report/input.ts'
import { reportInput } from './fixture.ts'
import { evening, modelOf, now, plain } from './fixture-against.ts'

describe('what is not like for like', () => {
  const candidate = now.run.targets.candidate
  const withRun = (parts: Partial<ReportInput['run']>) => evening({ run: { ...evening().run, ...parts } })
  const withCandidate = (parts: Partial<typeof candidate>) =>
    withRun({ targets: { ...now.run.targets, candidate: { ...candidate, ...parts } } })

  it.each<[string, AgainstInput, string]>([
    ['the model', withCandidate({ model: 'gpt-3' }), 'Candidate, model asked for: gpt-3 then, gpt-4-new now.'],
    [
      'what was served',
      evening({ counts: { ...now.counts, servedModels: { production: ['gpt-4-0613'], candidate: ['gpt-4-0613'] } } }),
      'Production, model served: gpt-4-0613 then, gpt-4-0314 now.',
    ],
    [
      'overrides',
      withCandidate({ overrides: {} }),
      'Candidate, overrides: none then, {"temperature":0,"max_tokens":null} now.',
    ],
    [
      'the host, and nothing secret of it',
      withCandidate({ baseUrl: 'https://a:b@other.example/v1?key=c' }),
      'Candidate, host: other.example then, candidate.models.example:8443 now.',
    ],
    [
      'prices',
      withCandidate({ pricePerMillion: { input: 15, output: 60 } }),
      'Candidate, price of a million tokens: $15 input, $60 output then, $30 input, $60 output now.',
    ],
    [
      'how it was sent',
      withRun({ replay: { ...now.run.replay, lane: 'batch' } }),
      'Sent: through the batch API then, in closed loop now.',
    ],
    [
      'another policy',
      evening({ policy: { ...now.policy, level: 0.9 } }),
      'Confidence of each limit: 90 % then, 95 % now.',
    ],
    [
      'a run that ended early',
      withRun({ stopped: { why: 'decided', because: 'x', records: 400 } }),
      'The run of then ended early, when it was decided: its estimates lie further from their margins than the truth does, on average.',
    ],
    [
      'a run that could not be judged',
      evening({ verdict: { ...now.verdict, decision: 'INVALID' } }),
      'The run of then could not be judged: what it shows is no ground to compare on.',
    ],
  ])('%s', (_, earlier, told) => {
    expect(likenessOf(now, earlier).unlike.map(plain)).toEqual([told])
    expect(modelOf(earlier)?.line).toMatch(/; not like for like\.$/)
  })

  it('other requests alone are no reason for suspicion: every night has them', () => {
    const earlier = withRun({ dataset: { sha256: 'abcdef0123456789', records: 2000 } })
    expect(likenessOf(now, earlier).unlike.map(plain)).toEqual([
      'Dataset: 2,000 records (sha256 abcdef012345) then, 2,114 records (sha256 9f2c1d7be04a) now.',
    ])
    expect(modelOf(earlier)?.line).toMatch(/; other requests\.$/)
  })

  it('a server on this machine that came back on another port is the same one', () => {
    const local = (port: number) => ({
      targets: { ...now.run.targets, candidate: { ...candidate, baseUrl: `http://127.0.0.1:${port}/v1` } },
    })
    const input = reportInput({ run: { ...now.run, ...local(8001) } })
    expect(likenessOf(input, withRun(local(8002))).unlike).toEqual([])
  })

  it.each<[string, number, AgainstInput, string, RegExp]>([
    ['none shared', 0, evening(), 'apart', /independent samples/],
    ['shared, of the same swap', 500, evening(), 'apart', /^500 of the 2,000 requests .* harder to show, not easier/],
    ['shared, of another swap', 500, withCandidate({ model: 'gpt-3' }), 'anyhow', /another swap is asked about/],
    ['none shared, of another swap', 0, withCandidate({ model: 'gpt-3' }), 'apart', /independent samples/],
  ])('requests: %s', (_, shared, earlier, dependence, told) => {
    const found = likenessOf(now, { ...earlier, shared })
    expect(found.dependence).toBe(dependence)
    expect(found.requests).toMatch(told)
  })
})
