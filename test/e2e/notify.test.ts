// Nights that are told: a change of decision, a night without one, and receivers that fail without failing the night.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { startAnswering } from '../support/target.ts'

async function startReceiver(status = 200) {
  const messages: { headline: string; kind: string; code?: string; reports?: string[] }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      messages.push(JSON.parse(body))
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/T0P-SECRET`, messages }
}

it('tells a change of decision, and a night without one, and nothing in between', async () => {
  let isBroken = false
  const production = await startAnswering((number) => `The answer is ${number}.`)
  const candidate = await startAnswering((number) => (isBroken ? 'No.' : `The answer is ${number}.`))
  const [receiver, deaf] = [await startReceiver(), await startReceiver(404)]
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
        webhooks: [{ urlFrom: { env: 'HOOK' } }, { url: deaf.url }],
        command: [process.execPath, '-e', 'console.log("told: " + process.env.SHADOWGATE_DECISION)'],
        textfile: 'shadowgate.prom',
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
  expect(receiver.messages).toHaveLength(2)
  expect(third.stderr).toContain('notify   told: NO-GO')
  expect(third.stderr).toContain('notify.webhooks[1] could not be told: HTTP 404')
  expect(first.stderr + second.stderr + third.stderr).not.toContain('T0P-SECRET')
  expect(readFileSync(join(folder, 'shadowgate.prom'), 'utf8')).toContain('shadowgate_decision{decision="NO-GO"} 1')

  const down = await runCli(['run', '--yes', '--candidate-base-url', 'http://127.0.0.1:1/v1'], {
    cwd: folder,
    env: { HOOK: receiver.url },
  })
  expect(down.status).toBe(69)
  expect(receiver.messages.at(-1)).toMatchObject({ kind: 'failed', code: 'TARGET_UNREACHABLE' })
  expect(readFileSync(join(folder, 'shadowgate.prom'), 'utf8')).toContain('shadowgate_last_run_failed 1')
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
