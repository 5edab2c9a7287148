// The manifests: held against Kubernetes' own OpenAPI schemas, and the container run as they say.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { Job } from '../../src/schedule/job.ts'
import { kubernetes } from '../../src/schedule/kubernetes.ts'
import { temporaryFolder } from '../support/cli.ts'
import { canContain, runContainer, volumeOf } from '../support/container.ts'
import { jobWith } from '../support/job.ts'
import { complaints } from '../support/kubernetes-schema.ts'
import { createProject, query } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const textOf = (job: Job) => kubernetes.files(job).find(({ name }) => name.endsWith('.yaml'))?.text ?? ''
const documentsOf = (job: Job) => parseAllDocuments(textOf(job)).map((document) => document.toJS())
const podOf = (job: Job) => documentsOf(job)[1].spec.jobTemplate.spec.template.spec
const containerOf = (job: Job) => podOf(job).containers[0]

const jobs: readonly (readonly [string, Job])[] = [
  ['as it comes', jobWith()],
  ['in UTC, without keys and logs', jobWith({ timeZone: null, variables: [], logs: [] })],
  [
    'with several folders',
    jobWith({ writes: ['/srv/chat/store', '/srv/chat/out'], logs: ['/srv/chat/logs', '/var/log/llm'] }),
  ],
  ['with odd names', jobWith({ config: 'my: "night".yaml', files: ['my: "night".yaml'] })],
]

describe.each(jobs)('the manifests %s', (_, job) => {
  it('are what Kubernetes takes', () => {
    expect(documentsOf(job).map(({ kind }) => kind)).toEqual(['PersistentVolumeClaim', 'CronJob'])
    expect(documentsOf(job).flatMap(complaints)).toEqual([])
  })

  it('mount volumes that there are, each place once', () => {
    const names = podOf(job).volumes.map(({ name }: { name: string }) => name)
    const mounts: readonly { name: string; mountPath: string }[] = containerOf(job).volumeMounts
    for (const { name } of mounts) expect(names).toContain(name)
    expect(new Set(mounts.map(({ mountPath }) => mountPath)).size).toBe(mounts.length)
  })
})

it.each([
  ['a field of the wrong kind', 'schedule: "30', 'schedule: 30 #'],
  ['a word that is none', 'concurrencyPolicy: Forbid', 'concurrencyPolicy: Never'],
  ['a misspelled field', 'backoffLimit:', 'backOffLimit:'],
  ['a misspelled field deep down', 'allowPrivilegeEscalation:', 'allowPrivilegesEscalation:'],
])('%s is seen by these schemas', (_, right, wrong) => {
  const text = textOf(jobWith())
  expect(text).toContain(right)
  expect(parseAllDocuments(text.replace(right, wrong)).flatMap((document) => complaints(document.toJS()))).not.toEqual(
    [],
  )
})

it('is what the restricted Pod Security Standard asks for', () => {
  const { securityContext: pod } = podOf(jobWith())
  const { securityContext: own } = containerOf(jobWith())
  expect(pod).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
  expect(own).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  expect(containerOf(jobWith()).resources.limits.memory).toBeDefined()
})

it('never runs two nights at once, nor one night twice by itself', () => {
  const [, { spec }] = documentsOf(jobWith())
  expect(spec).toMatchObject({ concurrencyPolicy: 'Forbid', timeZone: 'Europe/Berlin', schedule: '30 2 * * *' })
  expect(spec.jobTemplate.spec).toMatchObject({ backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } })
})

const unless = canContain ? '' : ' (skipped: nobody may mount here)'
describe.skipIf(!canContain)(`the container${unless}`, { timeout: 120_000 }, () => {
  it('needs nothing outside its mounts: as another user, on a read-only root, night after night', async () => {
    const target = await startTarget(({ body }, response) =>
      sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
    )
    const project = createProject({
      production: target.url,
      candidate: target.url,
      records: 60,
      config: {
        store: 'reports/store.duckdb',
        logs: [{ path: 'logs/*.jsonl' }],
        sample: { since: 'lastRun' },
        retention: { textsDays: 30 },
        notify: { textfile: 'reports/metrics.prom' },
      },
      target: { keyFrom: { env: 'PROD_KEY' } },
    })
    const job = jobWith({
      folder: project,
      writes: [join(project, 'reports')],
      logs: [join(project, 'logs')],
      variables: ['PROD_KEY'],
    })
    const { runAsUser: uid } = podOf(job).securityContext
    const logs = volumeOf(0, { 'requests.jsonl': join(project, 'requests.jsonl') })
    const store = volumeOf(uid)
    const volumes = { tmp: volumeOf(uid), config: project, store, logs }
    const night = () => runContainer(containerOf(job), { uid, volumes, secrets: { PROD_KEY: 'sk-of-the-secret' } })
    const first = await night()
    expect(first.status, first.stderr).toBe(0)
    const verdict = JSON.parse(first.stdout)
    expect(verdict.run.dataset.records).toBe(60)
    expect(target.requests.at(-1)?.headers['authorization']).toBe('Bearer sk-of-the-secret')
    expect(readdirSync(join(store, verdict.run.id))).toContain('report.html')
    expect(readFileSync(join(store, 'metrics.prom'), 'utf8')).toContain('shadowgate_')
    expect(await query(join(store, 'store.duckdb'), 'SELECT count(*) AS n FROM run')).toEqual([{ n: '1' }])
    const second = await night()
    expect(second.status, second.stderr).toBe(0)
    expect(JSON.parse(second.stdout)).toMatchObject({ decision: null, nothingNewSince: { run: verdict.run.id } })
    expect(second.stderr).not.toMatch(/EROFS|EACCES|read-only/i)
  })

  it('fails where the night could not judge', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'logs'))
    writeFileSync(join(folder, 'shadowgate.yaml'), 'targets: 3\n')
    const { runAsUser: uid } = podOf(jobWith()).securityContext
    const volumes = { tmp: volumeOf(uid), config: folder, store: volumeOf(uid), logs: join(folder, 'logs') }
    const ran = await runContainer(containerOf(jobWith()), { uid, volumes, secrets: {} })
    expect(ran.status, ran.stderr).toBe(65)
    expect(parse(ran.stdout).error.code).toBe('BAD_CONFIG')
  })
})
