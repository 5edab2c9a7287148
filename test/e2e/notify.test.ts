// Nights that are told: what changes, what fails and what gets well again, and receivers that fail without failing the night.

import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runCli } from '../support/cli.ts'
import { startCollector } from '../support/otlp.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { startReceiver } from '../support/receiver.ts'
import { startAnswering } from '../support/target.ts'

it('tells a change of decision, with what turned, and nothing in between', async () => {
  let isBroken = false
  const production = await startAnswering((number) => `The answer is ${number}.`)
  const candidate = await startAnswering((number) => (isBroken ? 'No.' : `The answer is ${number}.`))
  const [receiver, deaf, alive] = [await startReceiver(), await startReceiver(404), await startReceiver()]
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 240,
    config: {
      gate: {
        rules: [...withoutLatency, { metric: 'text-similarity', margin: '10%', severity: 'block' }],
        earlyStop: false,
      },
      notify: {
        webhooks: [{ urlFrom: { env: 'HOOK' } }, { url: deaf.url }, { url: alive.url, on: 'always' }],
        command: [process.execPath, '-e', 'console.log("told: " + process.env.SHADOWGATE_DECISION)'],
        textfile: 'shadowgate.prom',
        reportUrl: 'https://reports.example/{run}/report.html',
      },
    },
  })
  const night = () => runCli(['run', '--new', '--yes'], { cwd: folder, env: { HOOK: receiver.url } })

  const first = await night()
  const second = await night()
  isBroken = true
  const third = await night()
  expect([first.status, second.status, third.status]).toEqual([first.status, first.status, 1])
  const [told, turned] = receiver.messages
  expect(told?.headline).not.toMatch(/was/)
  expect(turned?.headline).toMatch(/^NO-GO \(was .*\): test-model → test-model-next$/)
  expect(turned?.reports?.some((path) => path.startsWith(folder) && path.endsWith('report.html'))).toBe(true)
  expect(turned?.turns).toContain('Text similarity: pass → fail.')
  expect(turned?.reportUrl).toMatch(/^https:\/\/reports\.example\/\d{4}.*\/report\.html$/)
  expect(turned?.numbers?.arms?.candidate.outcomes.reply).toBe(480)
  expect(receiver.messages).toHaveLength(2)
  expect(alive.messages).toHaveLength(3)
  expect(third.stderr).toContain('notify   told: NO-GO')
  expect(third.stderr).toContain('notify.webhooks[1] could not be told: HTTP 404')
  expect(first.stderr + second.stderr + third.stderr).not.toContain('T0P-SECRET')
  expect(readFileSync(join(folder, 'shadowgate.prom'), 'utf8')).toContain('shadowgate_decision{decision="NO-GO"} 1')
})

it('tells the first failure, not the second, and that it is over', async () => {
  const answers = await startAnswering((number) => `The answer is ${number}.`)
  const receiver = await startReceiver()
  const folder = createProject({
    production: answers.url,
    candidate: answers.url,
    records: 20,
    config: {
      gate: { rules: withoutLatency },
      notify: { webhooks: [{ url: receiver.url }], textfile: 'shadowgate.prom' },
    },
  })
  const night = (...flags: string[]) => runCli(['run', '--new', '--yes', ...flags], { cwd: folder })
  const down = () => night('--candidate-base-url', 'http://127.0.0.1:1/v1')
  await night()
  expect((await down()).status).toBe(69)
  expect(receiver.messages[1]).toMatchObject({ kind: 'failed', code: 'TARGET_UNREACHABLE' })
  await down()
  expect(receiver.messages).toHaveLength(2)
  const metrics = readFileSync(join(folder, 'shadowgate.prom'), 'utf8')
  expect(metrics).toContain('shadowgate_night_outcome{outcome="failed"} 1')
  expect(metrics).toContain('shadowgate_night_failures 2')
  expect(metrics).toContain('shadowgate_decision{decision="INCONCLUSIVE"} 1')
  await night()
  expect(receiver.messages).toHaveLength(3)
  expect(receiver.messages[2]).toMatchObject({ kind: 'judged', past: { failures: 2 } })
})

it('a receiver that cannot be reached changes no status', async () => {
  const answers = await startAnswering((number) => `The answer is ${number}.`)
  const folder = createProject({
    production: answers.url,
    candidate: answers.url,
    config: { gate: { rules: withoutLatency } },
  })
  const quiet = await runCli(['run', '--yes', '--json'], { cwd: folder })
  const project = createProject({
    production: answers.url,
    candidate: answers.url,
    config: {
      gate: { rules: withoutLatency },
      notify: { webhooks: [{ urlFrom: { env: 'NOBODY' } }], textfile: 'no/such/folder/x' },
    },
  })
  const loud = await runCli(['run', '--yes', '--json'], { cwd: project })
  expect(loud.status).toBe(quiet.status)
  expect(() => JSON.parse(loud.stdout)).not.toThrow()
  expect(loud.stderr).toContain('the environment variable NOBODY is not set')
  expect(loud.stderr).toMatch(/no\/such\/folder can't be written/)
})

it('metrics go to a collector by the standard variables, and one that is dead changes nothing', async () => {
  const answers = await startAnswering((number) => `The answer is ${number}.`)
  const { url, collected } = await startCollector()
  const folder = createProject({
    production: answers.url,
    candidate: answers.url,
    config: { gate: { rules: withoutLatency }, notify: { otlp: { endpoint: 'http://127.0.0.1:1' } } },
  })
  const night = (env: Record<string, string>) => runCli(['run', '--new', '--yes'], { cwd: folder, env })
  const told = await night({
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=team%20a',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_SERVICE_NAME: 'gate-of-bot',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
  })
  expect(told.stderr).not.toContain('notify ')
  expect(collected).toHaveLength(1)
  expect(collected[0]).toMatchObject({
    path: '/v1/metrics',
    headers: { 'x-tenant': 'team a' },
    resource: { 'service.name': 'gate-of-bot', 'deployment.environment.name': 'staging' },
    points: {
      'shadowgate.night.exit_status': told.status,
      'shadowgate.requests{arm=candidate,outcome=reply}': 160,
      'shadowgate.records.added': 80,
    },
  })
  const alone = await night({ SHADOWGATE_NOTIFY_TIMEOUT_MS: '500' })
  expect(alone.status).toBe(told.status)
  expect(alone.stderr).toContain('notify.otlp.endpoint could not be told: the connection failed ECONNREFUSED')
})

it('tells that it was stopped, in a hurry, and that it is well again after a kill as well', async () => {
  let child: ChildProcess | null = null
  let signal: NodeJS.Signals | null = 'SIGTERM'
  const production = await startAnswering((number) => `The answer is ${number}.`)
  const candidate = await startAnswering((number) => {
    if (number % 10 === 0 && signal !== null) {
      child?.kill(signal)
      signal = null
    }
    return `The answer is ${number}.`
  })
  const receiver = await startReceiver()
  const silent = await portOf(createServer((socket) => socket.on('error', () => {}).resume()))
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 60,
    config: {
      gate: { rules: withoutLatency },
      notify: { webhooks: [{ url: receiver.url }, { url: `http://127.0.0.1:${silent}/a` }] },
    },
  })
  const night = (env: Record<string, string> = {}) =>
    runCli(['run', '--yes'], { cwd: folder, env, onStart: (started) => (child = started) })
  const stopped = await night()
  expect(stopped.status).toBe(130)
  expect(stopped.stderr).toContain('notify.webhooks[1] could not be told: no answer within 3000 ms')
  signal = 'SIGKILL'
  expect((await night()).signal).toBe('SIGKILL')
  expect((await night({ SHADOWGATE_NOTIFY_TIMEOUT_MS: '100' })).status).toBe(2)
  expect(receiver.messages).toMatchObject([
    { kind: 'failed', code: 'INTERRUPTED', past: { failures: 0 } },
    { kind: 'judged', past: { failures: 2, lastCode: 'CUT_OFF' } },
  ])
})

it('is not kept from its end by a collector that hangs, when it is told to end while it waits for it', async () => {
  let child: ChildProcess | null = null
  const answers = await startAnswering((number) => `The answer is ${number}.`)
  const { url } = await startCollector(() => child?.kill('SIGTERM'))
  const folder = createProject({
    production: answers.url,
    candidate: answers.url,
    records: 20,
    config: { gate: { rules: withoutLatency }, notify: { otlp: { endpoint: url }, timeoutMs: 600_000 } },
  })
  const night = await runCli(['run', '--yes'], { cwd: folder, onStart: (started) => (child = started) })
  expect(night.stderr).toContain('notify.otlp.endpoint could not be told: no answer before the job was asked to end')
  expect(night.status).toBe(2)
})

it('what could not be told is told the next night, once, also where that is no news', async () => {
  const answers = await startAnswering((number) => `The answer is ${number}.`)
  const receiver = await startReceiver()
  const folder = createProject({
    production: answers.url,
    candidate: answers.url,
    records: 20,
    config: { gate: { rules: withoutLatency }, notify: { webhooks: [{ urlFrom: { env: 'HOOK' } }] } },
  })
  const night = (url: string) =>
    runCli(['run', '--new', '--yes'], { cwd: folder, env: { HOOK: url, SHADOWGATE_NOTIFY_TIMEOUT_MS: '1000' } })
  expect((await night('http://127.0.0.1:1/a')).stderr).toContain('notify.webhooks[0] could not be told')
  const untold = join(folder, 'store.untold.json')
  expect(JSON.parse(readFileSync(untold, 'utf8'))).toMatchObject({
    'notify.webhooks[0]': { headline: 'INCONCLUSIVE: test-model → test-model-next' },
  })
  await night(receiver.url)
  expect(receiver.messages).toMatchObject([
    { kind: 'judged', missed: { headline: 'INCONCLUSIVE: test-model → test-model-next' } },
  ])
  expect(existsSync(untold)).toBe(false)
  await night(receiver.url)
  expect(receiver.messages).toHaveLength(1)
})

it('nobody who hangs, drips or lets go of nothing keeps the process', async () => {
  const answers = await startAnswering((number) => `The answer is ${number}.`)
  const silent = createServer((socket) => socket.on('error', () => {}).resume())
  const dripping = createServer((socket) => {
    socket.on('error', () => {}).resume()
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
    const timer = setInterval(() => socket.write('1\r\nx\r\n'), 20)
    socket.on('close', () => clearInterval(timer))
  })
  const [hanging, drip] = [await portOf(silent), await portOf(dripping)]
  const folder = createProject({
    production: answers.url,
    candidate: answers.url,
    records: 20,
    config: {
      gate: { rules: withoutLatency },
      notify: {
        webhooks: [{ url: `http://127.0.0.1:${hanging}/a` }, { url: `http://127.0.0.1:${drip}/b` }],
        // What goes on in the background holds the command's output.
        command: ['sh', '-c', 'sleep 300 & echo $!'],
        otlp: { endpoint: `http://127.0.0.1:${drip}` },
        timeoutMs: 200,
      },
    },
  })
  const { status, stderr } = await runCli(['run', '--yes'], { cwd: folder })
  process.kill(Number(/notify {3}(\d+)$/m.exec(stderr)?.[1]), 'SIGKILL')
  expect(status).toBe(2)
  expect(stderr).toContain('notify.webhooks[0] could not be told: no answer within 200 ms')
  expect(stderr).toContain('notify.webhooks[1] could not be told: no answer within 200 ms')
  expect(stderr).toMatch(/notify\.otlp\.endpoint could not be told: no answer/)
  expect(stderr).not.toContain('notify.command could not be told')
})

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
