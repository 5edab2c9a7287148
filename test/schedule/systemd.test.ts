// The units for systemd: read by systemd's own tools where they are there, and what they must say where they are not.

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exitStatus } from '../../src/core/fault.ts'
import type { Job } from '../../src/schedule/job.ts'
import { systemd } from '../../src/schedule/systemd.ts'
import { temporaryFolder } from '../support/cli.ts'
import { jobWith } from '../support/job.ts'

const analyze = (...args: readonly string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' })
const hasTool = analyze('--version').status === 0
const unless = hasTool ? '' : ' (skipped: systemd-analyze is not installed)'

function unitsOf(job: Job): { service: string; timer: string } {
  const [service, timer] = systemd.files(job)
  return { service: service?.text ?? '', timer: timer?.text ?? '' }
}

/** Written as systemd finds them; their names are told. */
function written(job: Job): { service: string; timer: string } {
  const folder = temporaryFolder()
  for (const { name, text } of systemd.files(job)) writeFileSync(join(folder, name), text)
  return { service: join(folder, `${job.name}.service`), timer: join(folder, `${job.name}.timer`) }
}

const value = (unit: string, key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1]

describe('the service', () => {
  it('takes verdicts for results and faults for failures', () => {
    const statuses = (value(unitsOf(jobWith()).service, 'SuccessExitStatus') ?? '').split(' ').map(Number)
    const results = ['NO-GO', 'INCONCLUSIVE', 'INVALID', 'nothing new'] as const
    expect(statuses).toEqual(results.map((name) => exitStatus[name]))
  })

  it('may write what the night writes, and nothing else', () => {
    const { service } = unitsOf(jobWith({ writes: ['/srv/chat/reports', '/var/lib/100%/textfile'] }))
    expect(service.match(/^ReadWritePaths=.*/gm)).toEqual([
      'ReadWritePaths=/srv/chat/reports',
      'ReadWritePaths=/var/lib/100%%/textfile',
    ])
    expect(value(service, 'ProtectSystem')).toBe('strict')
  })

  it('reads keys from a file, and asks for none where none is named', () => {
    expect(value(unitsOf(jobWith()).service, 'EnvironmentFile')).toBe('/srv/chat/shadowgate.env')
    expect(unitsOf(jobWith({ variables: [] })).service).not.toContain('EnvironmentFile')
  })
})

describe.skipIf(!hasTool)(`systemd${unless}`, () => {
  it.each([
    ['plain paths', 'chat', 'shadowgate.yaml'],
    ['blanks, percent signs and dollars', '50% $chat', "o'brien night.yaml"],
  ])('finds nothing wrong with %s', (_, name, config) => {
    const folder = join(temporaryFolder(), name)
    mkdirSync(folder)
    const job = jobWith({
      folder,
      config,
      program: [process.execPath, join(folder, 'cli.js')],
      writes: [folder],
      user: 'root',
    })
    const { service, timer } = written(job)
    const { status, stdout, stderr } = analyze('verify', service, timer)
    expect(`${stdout}${stderr}`).toBe('')
    expect(status).toBe(0)
  })

  it('calls the service well protected', () => {
    const { status, stdout } = analyze('security', '--offline=true', '--threshold=20', written(jobWith()).service)
    expect(stdout).toMatch(/Overall exposure level for \S+: [01]\.\d OK/)
    expect(status, stdout).toBe(0)
  })

  it.each([
    [null, /Normalized form: \*-\*-\* 02:30:00\n/],
    ['Europe/Berlin', /Normalized form: \*-\*-\* 02:30:00 Europe\/Berlin\n/],
  ])('knows when the night begins: %s', (timeZone, form) => {
    const when = value(unitsOf(jobWith({ timeZone })).timer, 'OnCalendar') ?? ''
    const { status, stdout } = analyze('calendar', when)
    expect(status, stdout).toBe(0)
    expect(stdout).toMatch(form)
  })
})
