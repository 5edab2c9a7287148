// What `shadowgate schedule` prints, called as the schedulers would: with their environment, and nothing of a shell's.

import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { createProject } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const execute = promisify(execFile)
const builtCli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const bare = ['-i', 'PATH=/usr/bin:/bin', 'LANG=C']

/** A project whose key only a file has. */
async function project() {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
  )
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 40,
    config: { store: 'state/store.duckdb', sample: { since: 'lastRun' } },
    target: { keyFrom: { env: 'PROD_KEY' } },
  })
  writeFileSync(join(folder, 'shadowgate.env'), 'PROD_KEY=sk-of-the-file\n', { mode: 0o600 })
  return { folder, target }
}

it('cron: the line runs a night, and the next one finds nothing new', async () => {
  const { folder, target } = await project()
  const { stdout, stderr } = await runCli(['schedule', 'cron', '--at', '2:05'], { cwd: folder })
  const line = stdout.split('\n').findLast((each) => each !== '' && !each.startsWith('#')) ?? ''
  expect(line).toMatch(/^5 2 \* \* \* cd /)
  expect(stderr).toContain('in the morning')
  expect(stderr, 'the keys are there, and no file was written').not.toMatch(/Write the keys|\.crontab|--to/)
  const command = line.replace('5 2 * * * ', '').replaceAll('\\%', '%')
  const night = () =>
    execute('env', [...bare, 'sh', '-c', command]).then(
      () => 0,
      (error: { code: number }) => error.code,
    )
  expect([0, 2]).toContain(await night())
  expect(target.requests.at(-1)?.headers['authorization']).toBe('Bearer sk-of-the-file')
  expect(await night()).toBe(4)
  const log = readdirSync(join(folder, 'reports')).find((name) => name.endsWith('.log')) ?? ''
  expect(readFileSync(join(folder, 'reports', log), 'utf8')).toContain('Nothing new')
})

it('systemd: ExecStart runs a night with what the unit gives it, from a credential too', async () => {
  const { folder, target } = await project()
  const to = temporaryFolder()
  const { status, stdout } = await runCli(['schedule', 'systemd', '--to', to, '--json'], { cwd: folder })
  expect(status).toBe(0)
  const [service = ''] = JSON.parse(stdout).files.map(({ path }: { path: string }) =>
    readFileSync(join(folder, path), 'utf8'),
  )
  const values = (key: string) =>
    [...service.matchAll(new RegExp(`^(?:# )?${key}=(.*)$`, 'gm'))].map(([, value = '']) => value)
  for (const path of values('ReadWritePaths')) mkdirSync(path, { recursive: true })
  expect(values('ReadWritePaths')).toEqual([join(folder, 'reports'), join(folder, 'state')])
  const credentials = temporaryFolder()
  writeFileSync(join(credentials, 'PROD_KEY'), 'sk-of-systemd\n')
  const environment = values('Environment').map((each) => each.replaceAll('%d', credentials))
  expect(environment).toContain(`PROD_KEY_FILE=${credentials}/PROD_KEY`)
  const [words = ''] = values('ExecStart')
  const ran = await execute('env', [...bare, ...environment, ...words.split(' ')], {
    cwd: values('WorkingDirectory')[0],
  }).then(
    () => 0,
    (error: { code: number }) => error.code,
  )
  expect([0, 2]).toContain(ran)
  expect(target.requests.at(-1)?.headers['authorization']).toBe('Bearer sk-of-systemd')
})

const unnamed = ['--user', '--map-user=54321']

it.skipIf(spawnSync('unshare', [...unnamed, 'true']).status !== 0)(
  'systemd: a user without a name has a number',
  async () => {
    const { folder } = await project()
    const args = [...unnamed, process.execPath, builtCli, 'schedule', 'systemd']
    const { stdout } = await execute('unshare', args, { cwd: folder })
    expect(stdout).toContain('\nUser=54321\n')
  },
)

it('says of a time, a zone, a kind and a file that there is what is wrong', async () => {
  const { folder } = await project()
  const said = async (...args: string[]) => {
    const { status, stderr } = await runCli(['schedule', ...args], { cwd: folder })
    return `${status} ${stderr.split('\n')[0]}`
  }
  expect(await said('cron', '--at', '25:00')).toBe('65 error[BAD_CONFIG] --at: a time of the day, as 02:30')
  expect(await said('cron', '--tz', 'Europe/Berlim')).toMatch(
    /^65 error\[BAD_CONFIG\] .*no time zone called "Europe\/Berlim"/,
  )
  expect(await said('windows')).toContain('64 error[USAGE]')
  expect(await said('kubernetes')).toContain(
    '65 error[BAD_CONFIG] shadowgate.yaml logs: the logs lie beside the config',
  )
  expect(await said('github', '--to', '.')).toMatch(/^0 /)
  expect(await said('github', '--to', '.')).toMatch(/^64 error\[USAGE\] shadowgate-\S+\.yml: there is a file already/)
  expect(await said('github', '--to', '.', '--force')).toMatch(/^0 /)
})
