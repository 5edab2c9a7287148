// The game day from its command line: a rehearsal that touches nobody.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventsIn } from '../../src/canary/ramp/journal.ts'
import type { DrillReport } from '../../src/commands/canary/drill/report.ts'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** Nobody listens there: a drill asks no target of the config. */
const nowhere = { production: 'http://127.0.0.1:1/v1', candidate: 'http://127.0.0.1:1/v1' }

/** `TMPDIR` is a folder of the test, so that what is left behind is seen. */
async function drilled(folder: string, words: readonly string[], isInterrupted = false) {
  const temporary = temporaryFolder()
  const left = () => readdirSync(temporary).filter((name) => name.startsWith('shadowgate-'))
  const result = await runCli(['drill', ...words], {
    cwd: folder,
    env: { TMPDIR: temporary },
    onStart: (child) => {
      if (isInterrupted)
        onceTrue(
          () => left().length > 0,
          () => child.kill('SIGINT'),
        )
    },
  })
  return { ...result, left: left() }
}

function onceTrue(is: () => boolean, act: () => void): void {
  const timer = setInterval(() => {
    if (!is()) return
    clearInterval(timer)
    act()
  }, 20)
}

describe('drill', { timeout: 120_000 }, () => {
  it('says what rolled back, after how much, and who met it; and leaves nothing behind', async () => {
    const folder = temporaryFolder()
    const own = await startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
    const control = { baseUrl: own.url }
    writeRouterConfig(folder, { ...nowhere, canary: { guards: { consecutive: 10 }, control } })
    const faults = ['--faults', 'error-500,slow-5,tokens', '--shares', '1', '--requests', '300']
    const { status, stdout, stderr, left } = await drilled(folder, [...faults, '--json'])
    expect([status, stderr, left, readdirSync(folder)]).toEqual([0, '', [], ['shadowgate.yaml']])
    expect(own.requests).toHaveLength(0)
    const report = JSON.parse(stdout) as DrillReport
    expect(report).toMatchObject({ schema: 'shadowgate.drill/1', kind: 'rehearsal', seed: 1, isPassed: true })
    expect(report.control).toMatchObject({ caught: null, spoilt: 0, usersHit: 0, usersSaved: 0 })
    expect(report.control?.requests).toBeGreaterThanOrEqual(300)
    const [failing, slow, long] = report.drills.map(({ result }) => result)
    expect(failing).toMatchObject({ caught: { by: 'consecutive-failures', afterRequests: 10 }, usersHit: 0 })
    expect(failing?.usersSaved).toBeGreaterThan(0)
    expect(slow).toMatchObject({ caught: { by: expect.stringContaining('latency-p50') }, usersSaved: 0 })
    expect(slow?.usersHit).toBeGreaterThan(19)
    expect(slow?.spoilt).toBe(slow?.requests)
    expect(long).toMatchObject({ caught: null, noticed: { by: expect.stringMatching(/answer-length|output-tokens/) } })
    expect(report.drills.map(({ mustBeCaught }) => mustBeCaught)).toEqual([true, true, false])
    expect(report.verdict[0]).toBe('The canary would have caught 2 of 2\u00a0faults.')
    expect(report.verdict[1]).toContain('"tokens × 2" in all answers: no rule about it blocks (')
  })

  it('exits with 1 where the rules would let a fault pass, and says which', async () => {
    const folder = temporaryFolder()
    const rules = [
      { metric: 'latency-p50', margin: '900%', severity: 'block' },
      ...['latency-p95', 'ttft-p50', 'ttft-p95'].map((metric) => ({ metric, severity: 'off' })),
    ]
    writeRouterConfig(folder, { ...nowhere, rules })
    const keep = ['--keep', 'kept']
    const { status, stdout, stderr } = await drilled(folder, [
      '--faults',
      'slow-2',
      '--shares',
      '1',
      '--requests',
      '60',
      ...keep,
    ])
    expect(status).toBe(1)
    expect(stderr.split('\n'), 'where it is, also without a terminal').toEqual([
      'drill    no fault',
      expect.stringMatching(/^drill {4}slow × 2, 100\s%.* of answers$/),
      '',
    ])
    expect(stdout).toMatch(/^slow × 2 +all +not/m)
    expect(stdout).toMatch(/"slow × 2" in all answers was not caught within \d+\srequests of the candidate\./)
    expect(stdout).toMatch(/Without any fault it was not rolled back/)
    expect(readdirSync(join(folder, 'kept')).toSorted()).toEqual([
      'control.journal.jsonl',
      'control.requests.jsonl',
      'control.status.txt',
      'slow-2-100.journal.jsonl',
      'slow-2-100.requests.jsonl',
      'slow-2-100.status.txt',
    ])
    const { events } = eventsIn(readFileSync(join(folder, 'kept/slow-2-100.journal.jsonl'), 'utf8'))
    expect(events[0]).toMatchObject({ kind: 'opened', by: { name: 'shadowgate drill' }, permit: { kind: 'override' } })
  })

  it.each(['anthropic-messages', 'gemini-generate-content', 'openai-responses', 'openai-completions', 'ollama'])(
    'speaks %s',
    async (api) => {
      const folder = temporaryFolder()
      writeRouterConfig(folder, { ...nowhere, api })
      const words = ['--faults', 'empty', '--shares', '1', '--requests', '200', '--json']
      const { stdout } = await drilled(folder, words)
      const report = JSON.parse(stdout) as DrillReport
      expect(report.control).toMatchObject({ caught: null })
      expect(report.drills[0]?.result).toMatchObject({ caught: { by: 'answered' } })
    },
  )

  it('ends at a Ctrl-C and cleans up', async () => {
    const folder = temporaryFolder()
    writeRouterConfig(folder, nowhere)
    const { status, stdout, stderr, left } = await drilled(folder, ['--requests', '100000'], true)
    expect([status, stdout, left]).toEqual([130, '', []])
    expect(stderr).toContain('error[INTERRUPTED]')
  })

  it.each([
    [['--faults', 'slow'], /no fault is called "slow".*slow-2/s],
    [['--shares', '20'], /"20" is no share of answers/],
    [['--requests', 'many'], /"many" is no whole number/],
  ])('%j is no drill', async (words, message) => {
    const folder = temporaryFolder()
    writeRouterConfig(folder, nowhere)
    const { status, stderr } = await drilled(folder, words)
    expect(status).toBe(64)
    expect(stderr).toMatch(message)
  })
})
