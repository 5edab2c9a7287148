// The whole action: its metadata as GitHub documents it, and its steps in order with the built command line.

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { words } from '../../.github/actions/gate/words.mjs'
import { marker } from '../../src/report/markdown.ts'
import { temporaryFolder } from '../support/cli.ts'
import { type Action, type RanAction, runAction } from '../support/composite-action.ts'
import { bot, startForge } from '../support/forge.ts'
import { actionFolder, eventFile, reportFolder } from '../support/gate-script.ts'
import { createProject } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const source = readFileSync(join(actionFolder, 'action.yml'), 'utf8')
const action: Action = parse(source)
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

describe('action.yml', () => {
  const { steps } = action.runs

  it('has what GitHub’s metadata syntax asks for', () => {
    expect(Object.keys(action).toSorted()).toEqual([
      'author',
      'branding',
      'description',
      'inputs',
      'name',
      'outputs',
      'runs',
    ])
    expect(action.runs.using).toBe('composite')
    for (const { description } of Object.values(action.inputs)) expect(description).toMatch(/\S/)
    for (const { description, value } of Object.values(action.outputs)) {
      expect(description).toMatch(/\S/)
      expect(value).toMatch(/^\$\{\{ steps\.[\w-]+\.outputs\.[\w-]+ \}\}$/)
    }
    for (const step of steps) {
      expect(Number(step.uses !== undefined) + Number(step.run !== undefined), step.name).toBe(1)
      expect(step.run === undefined || step.shell === 'bash', `${step.name}: run needs a shell`).toBe(true)
    }
    const ids = steps.flatMap(({ id }) => (id === undefined ? [] : [id]))
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, id = ''] of source.matchAll(/steps\.([\w-]+)\./g)) expect(ids).toContain(id)
    for (const [, name = ''] of source.matchAll(/inputs\.([\w-]+)/g)) expect(Object.keys(action.inputs)).toContain(name)
  })

  it('fills nothing into a script, and pins what it uses by commit', () => {
    for (const { run, uses, name } of steps) {
      expect(run ?? '', name).not.toContain('${{')
      expect(uses ?? `a/b@${'0'.repeat(40)}`, name).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    }
  })

  it('names scripts that exist, and gives none but one the token', () => {
    for (const { run } of steps) {
      if (run === undefined) continue
      const [, script = ''] = /^(?:exec )?node "\$GITHUB_ACTION_PATH\/([\w-]+\.mjs)"$/.exec(run) ?? []
      expect(existsSync(join(actionFolder, script)), run).toBe(true)
    }
    expect(steps.filter(({ env }) => env?.['GITHUB_TOKEN']).map(({ name }) => name)).toEqual([
      'Comment on the pull request',
    ])
  })

  it('is explained in its README, input by input', () => {
    const readme = readFileSync(join(actionFolder, 'README.md'), 'utf8')
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
      expect(readme).toContain(`\`${name}\``)
    const blocks = [...readme.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => parse(text ?? ''))
    expect(blocks.length).toBeGreaterThanOrEqual(3)
    const given = blocks
      .flatMap((block) => Object.values<{ steps?: object[] }>(block.jobs ?? {}))
      .flatMap((job) => job.steps ?? [])
    const ours = given.filter((step) => 'uses' in step && String(step.uses).endsWith('.github/actions/gate@v0.1.0'))
    expect(ours.length).toBeGreaterThanOrEqual(3)
    for (const step of ours) {
      for (const name of Object.keys('with' in step ? Object(step.with) : {}))
        expect(Object.keys(action.inputs)).toContain(name)
    }
    for (const [, uses = ''] of readme.matchAll(/uses: (actions\/\S+)/g)) expect(uses).toMatch(/@[0-9a-f]{40}$/)
  })
})

describe('arguments', () => {
  it.each([
    ['', []],
    ['  --a 1\n--b=2 ', ['--a', '1', '--b=2']],
    [`--a "x y" --b='p "q"' z""w`, ['--a', 'x y', '--b=p "q"', 'zw']],
    ['$(id) `id` ; * \\', ['$(id)', '`id`', ';', '*', '\\']],
  ])('%s', (line, expected) => expect(words(line)).toEqual(expected))

  it('with an open quote are refused', () => expect(() => words('--a "b')).toThrow('a quote is not closed'))
})

/** A repository with shadowgate installed, whose production and candidate answer as told. */
async function repository(answer: (question: string) => string): Promise<string> {
  const [production, candidate] = await Promise.all(
    [(question: string) => `Answer to ${question}`, answer].map((reply) =>
      startTarget(({ body }, response) => sendJson(response, 200, completion(reply(body.messages[0]?.content ?? '')))),
    ),
  )
  const folder = createProject({
    production: production?.url ?? '',
    candidate: candidate?.url ?? '',
    records: 300,
    config: {
      gate: {
        extends: 'none',
        rules: [{ metric: 'text-similarity', margin: '10%', severity: 'block' }],
      },
      report: { dir: 'reports', formats: ['json'] },
    },
  })
  const bin = join(folder, 'node_modules', '.bin', 'shadowgate')
  mkdirSync(dirname(bin), { recursive: true })
  chmodSync(cli, 0o755)
  symlinkSync(cli, bin)
  return folder
}

interface Job {
  readonly workspace: string
  readonly api: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

function runJob({ workspace, api, inputs, env }: Job): Promise<RanAction> {
  return runAction(action, {
    workspace,
    actionPath: actionFolder,
    inputs: inputs ?? {},
    env: {
      GITHUB_API_URL: api,
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_EVENT_PATH: eventFile({ pull_request: { number: 3 } }),
      RETRY_PAUSE_MS: '1',
      ...env,
    },
    github: { token: 'ghs_test', server_url: 'https://forge.example', repository: 'o/r', run_id: '9' },
    others: { upload: { 'artifact-url': 'https://forge.example/artifact/1' } },
  })
}

describe('the whole action', { timeout: 120_000 }, () => {
  it('stops a candidate that answers otherwise, and says so everywhere', async () => {
    const forge = await startForge({ path: '/api/v3' })
    const workspace = await repository(() => 'No.')
    const ran = await runJob({ workspace, api: forge.url, inputs: { args: '--replay-noise 0.5' } })
    expect(ran.status, ran.log).toBe(1)
    expect(ran.outputs).toMatchObject({ decision: 'NO-GO', status: '1' })
    expect(ran.outputs['report-path']).toBe(join('reports', ran.outputs['run-id'] ?? '?'))
    const report = join(workspace, ran.outputs['report-path'] ?? '')
    for (const file of ['report.html', 'comment.md', 'junit.xml', 'verdict.json'])
      expect(existsSync(join(report, file))).toBe(true)
    expect(ran.used['Upload the report']).toMatchObject({ name: 'shadowgate-report', path: report })
    expect(ran.summary).toContain('## ✗ NO-GO: `test-model')
    expect(ran.log).toContain('::error title=NO-GO::')
    expect(forge.comments).toHaveLength(1)
    expect(forge.comments[0]?.body).toMatch(
      /^<!-- shadowgate:report -->\n\n## ✗ NO-GO[^]*\[Report\]\(https:\/\/forge.example\/artifact\/1\)/,
    )
    expect(ran.outputs['comment-url']).toContain('issuecomment-1000')

    const again = await runJob({
      workspace,
      api: forge.url,
      inputs: { command: 'gate', args: '--exit-zero', 'fail-on': 'never', 'sticky-id': 'nightly' },
    })
    expect(again.status, again.log).toBe(0)
    expect(again.outputs).toMatchObject({ decision: 'NO-GO', status: '0', 'run-id': ran.outputs['run-id'] })
    expect(again.used['Upload the report']).toMatchObject({ name: 'shadowgate-report-nightly' })
    expect(forge.comments).toHaveLength(2)
  })

  it('lets a candidate pass that answers alike, and needs no pull request', async () => {
    const forge = await startForge()
    const workspace = await repository((question) => `Answer to ${question}`)
    const ran = await runJob({
      workspace,
      api: forge.url,
      env: { GITHUB_EVENT_PATH: eventFile({ schedule: '0 2 * * *' }) },
    })
    expect(ran.status, ran.log).toBe(0)
    expect(ran.outputs).toMatchObject({ decision: 'GO', status: '0', 'comment-url': '' })
    expect(ran.log).toContain('No pull request belongs to this event')
    expect(forge.asked).toEqual([])
  })

  it.each([
    ['a config that is not there', { config: 'nowhere.yaml' }, '65'],
    ['a command that is none', { command: 'rm -rf /' }, '64'],
    ['a version that is none', { version: '1.0 && id' }, '64'],
    ['a misspelled fail-on', { 'fail-on': 'nogo' }, '64'],
    ['an open quote', { args: '--run "x' }, '64'],
  ])('fails by %s, whatever fail-on says, and takes an older verdict back', async (_, inputs, status) => {
    const comments = [{ id: 1, body: `${marker}\n\n## GO`, author: bot }]
    const forge = await startForge({ comments })
    const workspace = await repository(() => 'No.')
    const ran = await runJob({ workspace, api: forge.url, inputs: { 'fail-on': 'never', ...inputs } })
    expect(String(ran.status), ran.log).toBe(status)
    expect(ran.outputs).toMatchObject({ decision: '', status, 'report-path': '' })
    expect(forge.comments.map(({ body }) => body)).toEqual([expect.stringContaining('shadowgate could not judge')])
  })

  it('says what to do where no shadowgate is installed', async () => {
    const forge = await startForge()
    const ran = await runJob({ workspace: temporaryFolder(), api: forge.url })
    expect(ran.log).toMatch(
      /^::error title=shadowgate::version%?: local, but there is no node_modules.*run npm ci before this step$/m,
    )
  })

  it('does not take an older verdict for that of a command which never ran', async () => {
    const forge = await startForge()
    const workspace = await repository((question) => `Answer to ${question}`)
    expect((await runJob({ workspace, api: forge.url })).status).toBe(0)
    const bin = join(workspace, 'node_modules', '.bin', 'shadowgate')
    const real = `${bin}-real`
    symlinkSync(cli, real)
    // As npx where the registry does not answer, and then does.
    writeFileSync(`${bin}-broken`, `#!/bin/sh\n[ "$1" = report ] && exec "${real}" "$@"\nexit 1\n`, { mode: 0o755 })
    rmSync(bin)
    symlinkSync(`${bin}-broken`, bin)
    const ran = await runJob({ workspace, api: forge.url })
    expect(ran.log).toContain('ended with status 1, but the newest verdict of the store is another one’s')
    expect(ran.outputs['decision']).toBe('')
    expect(ran.status).toBe(64)
  })

  it('publishes a report that another job made', async () => {
    const forge = await startForge()
    const folder = reportFolder()
    const inputs = { command: 'publish', 'report-path': 'report' }
    const ran = await runJob({ workspace: dirname(folder), api: forge.url, inputs })
    expect(ran.status, ran.log).toBe(1)
    expect(ran.outputs).toMatchObject({ decision: 'NO-GO', 'report-path': 'report' })
    expect(forge.comments).toHaveLength(1)
  })

  it('hands a cancellation on, so that shadowgate can leave its store whole', async () => {
    const forge = await startForge()
    const workspace = temporaryFolder()
    const bin = join(workspace, 'node_modules', '.bin', 'shadowgate')
    mkdirSync(dirname(bin), { recursive: true })
    // It signals the step's own process, which is its parent, and waits for what comes back.
    const script =
      "process.on('SIGINT', () => process.exit(130)); setInterval(() => {}, 1000); process.kill(process.ppid, 'SIGINT')"
    writeFileSync(bin, `#!${process.execPath}\n${script}\n`, { mode: 0o755 })
    const ran = await runJob({ workspace, api: forge.url })
    expect(ran.outputs).toMatchObject({ status: '130', decision: '' })
  })

  it('lets nothing that shadowgate prints be a command of the runner', async () => {
    const forge = await startForge()
    const workspace = temporaryFolder()
    const bin = join(workspace, 'node_modules', '.bin', 'shadowgate')
    mkdirSync(dirname(bin), { recursive: true })
    writeFileSync(bin, '#!/bin/sh\necho "::add-mask::a"\necho "::error::forged"\nexit 65\n', { mode: 0o755 })
    const { log } = await runJob({ workspace, api: forge.url })
    const [, token = '?'] = /^::stop-commands::([\w-]{36})$/m.exec(log) ?? []
    const [before = '', , after = ''] = log.split(new RegExp(`::stop-commands::${token}|^::${token}::$`, 'm'))
    expect(log).toContain('::error::forged')
    expect(before + after).not.toMatch(/forged|add-mask/)
  })
})
