// What keeps a router running: read by systemd's own tools and Kubernetes' schemas, and the container run as they say.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { RouterJob } from '../../src/schedule/router-job.ts'
import { routerKubernetes } from '../../src/schedule/router-kubernetes.ts'
import { routerSystemd } from '../../src/schedule/router-systemd.ts'
import { temporaryFolder } from '../support/cli.ts'
import { canContain, runContainer, volumeOf } from '../support/container.ts'
import { jobWith } from '../support/job.ts'
import { complaints } from '../support/kubernetes-schema.ts'
import { writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

function routerJobWith(parts: Partial<RouterJob> = {}): RouterJob {
  return { ...jobWith(), host: '127.0.0.1', port: 4600, adminPort: 4601, drainSeconds: 135, ...parts }
}

const analyze = (...args: readonly string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' })
const hasTool = analyze('--version').status === 0

function unitFile(job: RouterJob): string {
  const [unit] = routerSystemd.files(job)
  const path = join(temporaryFolder(), unit?.name ?? '')
  writeFileSync(path, unit?.text ?? '')
  return path
}

describe('the unit of a router', () => {
  const [unit] = routerSystemd.files(routerJobWith())
  const lines = unit?.text.split('\n')

  it('starts again, but for what starting mends nothing of, and lets answers end', () => {
    expect(lines).toEqual(
      expect.arrayContaining(['Restart=always', 'RestartPreventExitStatus=64 65', 'TimeoutStopSec=135', 'User=shadow']),
    )
  })

  it('writes where it may and nowhere else, with keys of a file', () => {
    expect(lines?.filter((line) => line.startsWith('ReadWritePaths'))).toEqual(['ReadWritePaths=/srv/chat/reports'])
    expect(lines).toContain('EnvironmentFile=/srv/chat/shadowgate.env')
  })

  it.skipIf(!hasTool)(`is what systemd takes${hasTool ? '' : ' (skipped: systemd-analyze is not installed)'}`, () => {
    const folder = join(temporaryFolder(), '50% $chat')
    mkdirSync(folder)
    const program = [process.execPath, join(folder, 'cli.js')] as const
    const odd = routerJobWith({ folder, program, writes: [folder], user: 'root', config: "o'brien.yaml" })
    const { status, stdout, stderr } = analyze('verify', unitFile(odd))
    expect(`${stdout}${stderr}`).toBe('')
    expect(status).toBe(0)
    const security = analyze('security', '--offline=true', '--threshold=20', unitFile(routerJobWith()))
    expect(security.status, security.stdout).toBe(0)
  })
})

const documentsOf = (job: RouterJob) =>
  parseAllDocuments(routerKubernetes.files(job)[1]?.text ?? '').map((document) => document.toJS())
const podOf = (job: RouterJob) => documentsOf(job)[1].spec.template.spec

describe('the manifests of a router', () => {
  it.each<[string, RouterJob]>([
    ['as they come', routerJobWith()],
    ['without keys', routerJobWith({ variables: [] })],
    ['with several folders', routerJobWith({ writes: ['/srv/chat/store', '/srv/chat/out'] })],
  ])('are what Kubernetes takes, %s', (_, job) => {
    expect(documentsOf(job).map(({ kind }) => kind)).toEqual(['Service', 'Deployment'])
    expect(documentsOf(job).flatMap(complaints)).toEqual([])
    const names = podOf(job).volumes.map(({ name }: { name: string }) => name)
    for (const { name } of podOf(job).containers[0].volumeMounts) expect(names).toContain(name)
  })

  it('are what the restricted Pod Security Standard asks for', () => {
    const { securityContext, containers } = podOf(routerJobWith())
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('leave the last answer its time, after nobody is sent here any more', () => {
    const { terminationGracePeriodSeconds, containers } = podOf(routerJobWith())
    const [, quiet] = containers[0].lifecycle.preStop.exec.command
    expect(terminationGracePeriodSeconds).toBe(135 + Number(quiet))
    expect(documentsOf(routerJobWith())[1].spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } })
  })

  const unless = canContain ? '' : ' (skipped: nobody may mount here)'
  it.skipIf(!canContain)(`name a container that needs nothing outside its mounts${unless}`, async () => {
    const target = await startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
    const folder = temporaryFolder()
    writeRouterConfig(folder, { production: target.url, candidate: target.url, canary: { mode: 'shadow' } })
    const job = routerJobWith({ folder, writes: [join(folder, 'reports')], variables: [] })
    const { securityContext, containers } = podOf(job)
    const { runAsUser: uid } = securityContext
    const store = volumeOf(uid)
    const { status, stderr } = await runContainer(containers[0], {
      uid,
      volumes: { tmp: volumeOf(uid), config: folder, store },
      secrets: {},
      onSaid: (text, child) => {
        if (text.includes("clients' base URL")) child.kill('SIGTERM')
      },
    })
    expect(status, stderr).toBe(0)
    expect(readFileSync(join(store, 'canary.journal.jsonl'), 'utf8')).toContain('"kind":"opened"')
    expect(readdirSync(store)).not.toContain('canary.journal.jsonl.door')
    expect(stderr).not.toMatch(/EROFS|EACCES|read-only/i)
  })
})
