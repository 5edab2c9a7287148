// The line for cron: read by a cron parser, its check of the time and its command by a real shell.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cron } from 'croner'
import { describe, expect, it } from 'vitest'
import { cron } from '../../src/schedule/cron.ts'
import type { Job } from '../../src/schedule/job.ts'
import { temporaryFolder } from '../support/cli.ts'
import { jobWith } from '../support/job.ts'

/** As cron reads it: five fields, then a command up to the first % that no backslash stands before. */
function entryOf(job: Job): { when: string; command: string } {
  const text = cron.files(job)[0]?.text ?? ''
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect(lines).toHaveLength(1)
  expect(text.endsWith('\n'), 'cron passes over a last line without its end').toBe(true)
  const [, when = '', rest = ''] = /^((?:\S+ ){4}\S+) (.*)$/.exec(lines[0] ?? '') ?? []
  return { when, command: (/^(?:\\.|[^%\\])*/.exec(rest)?.[0] ?? '').replaceAll('\\%', '%') }
}

/** What cron gives a command, and no more. */
function shell(command: string, home: string): string {
  const args = ['-i', 'PATH=/usr/bin:/bin', 'SHELL=/bin/sh', 'LOGNAME=shadow', `HOME=${home}`, '/bin/sh', '-c', command]
  return execFileSync('env', args, { encoding: 'utf8' })
}

describe('the time', () => {
  it('is a plain entry by the machine’s clock', () => {
    expect(entryOf(jobWith({ timeZone: null })).when).toBe('30 2 * * *')
  })

  const checkOf = (job: Job) => entryOf(job).command.split(' && ')[0] ?? ''
  const zones = ['Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC']
  it.each(zones)('comes once a night in %s, on a machine in UTC, but where clocks are moved', (timeZone) => {
    const { when } = entryOf(jobWith({ timeZone }))
    const local = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' })
    const calls = new Cron(when, { timezone: 'UTC' }).nextRuns(365 * 96, new Date('2026-01-01T00:00:00Z'))
    const nights = new Map<string, number>()
    for (const call of calls) {
      const [day = '', time = ''] = local.format(call).split(', ')
      nights.set(day, (nights.get(day) ?? 0) + (time === '02:30' ? 1 : 0))
    }
    // The first and the last day are cut by the machine's.
    const counts = [...nights.values()].slice(1, -1)
    expect(counts.filter((count) => count !== 1).length).toBeLessThanOrEqual(2)
    expect(Math.max(...counts)).toBeLessThanOrEqual(2)
  })

  it.each([
    ['2026-07-01T00:30:00Z', 'night'],
    ['2026-07-01T00:31:00Z', ''],
    ['2026-07-01T01:30:00Z', ''],
    ['2026-12-01T01:30:00Z', 'night'],
  ])('is told by the shell: %s', (instant, said) => {
    const clock = `date() { command date -d ${instant} "$@"; }`
    expect(shell(`${clock}; ${checkOf(jobWith())} && echo night; true`, '/').trim()).toBe(said)
  })
})

describe('the command', () => {
  it('is run by a bare shell, from its folder, with its variables, and says all of it into a file', () => {
    const folder = join(temporaryFolder(), "50% of O'Brien's chat $HOME")
    mkdirSync(folder)
    writeFileSync(join(folder, 'shadowgate.env'), 'PROD_KEY=from the file\n')
    const script = join(folder, 'told.mjs')
    writeFileSync(
      script,
      'console.log(JSON.stringify([process.cwd(), process.argv.slice(2), process.env.PROD_KEY])); console.error("remark"); process.exit(0)',
    )
    const job = jobWith({
      folder,
      config: 'my night.yaml',
      program: [process.execPath, script],
      timeZone: null,
      variables: ['PROD_KEY'],
      writes: [join(folder, 'reports')],
    })
    expect(shell(entryOf(job).command, folder)).toBe('')
    const log = readFileSync(join(folder, 'reports', 'shadowgate-chat.log'), 'utf8')
    expect(JSON.parse(log.split('\n')[0] ?? '')).toEqual([
      folder,
      ['run', '--config', 'my night.yaml'],
      'from the file',
    ])
    expect(log).toContain('remark')
  })

  it('does nothing where its keys are missing but say so in the file', () => {
    const folder = temporaryFolder()
    const job = jobWith({ folder, program: [process.execPath, '-'], timeZone: null, writes: [join(folder, 'reports')] })
    expect(() => shell(entryOf(job).command, folder)).toThrow('Command failed')
    expect(existsSync(join(folder, 'reports'))).toBe(true)
    expect(readFileSync(join(folder, 'reports', 'shadowgate-chat.log'), 'utf8')).toContain('shadowgate.env')
  })
})

describe('what is left to do', () => {
  const logStep = 'Read /srv/chat/reports/shadowgate-chat.log in the morning: cron itself says nothing'

  it('with a file that was written is the keys, the file and the log', () => {
    const [keys, ...others] = cron.steps(jobWith())
    expect(keys).toMatch(/^Write the keys, one a line \(PROD_KEY=…, CAND_KEY=…\), into \/srv\/chat\/shadowgate.env/)
    expect(others).toEqual(['(crontab -l 2>/dev/null; cat shadowgate-chat.crontab) | crontab -', logStep])
  })

  it('with a line that was printed names no file that nobody wrote, and no keys that are there', () => {
    expect(cron.stepsOfPrinted(jobWith({ hasKeys: true }))).toEqual([expect.stringContaining('crontab -l'), logStep])
    expect(cron.stepsOfPrinted(jobWith()).join('\n')).toMatch(/^Write the keys/)
    expect(cron.stepsOfPrinted(jobWith()).join('\n')).not.toContain('.crontab')
  })
})
