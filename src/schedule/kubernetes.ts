// A CronJob for Kubernetes 1.27 or newer, its volume, and the image: non-root, on a read-only root file system.

import { type Job, longestHours, type Schedule, timeWords } from './job.ts'
import { shellWord } from './shell-words.ts'

/** Where the project stands in the container. */
export const home = '/work'
/** Of Node's official images: `node`. */
export const uid = 1000

export const kubernetes = {
  title: 'a CronJob for Kubernetes, and its image',
  files: (job) => [
    { name: 'Dockerfile', text: dockerfile(job) },
    { name: `${job.name}.yaml`, text: manifests(job) },
  ],
  steps: (job) => [
    `docker build -t REGISTRY/shadowgate:${job.version} - < Dockerfile && docker push REGISTRY/shadowgate:${job.version}`,
    `kubectl create configmap ${job.name}-config ${job.files.map((file) => `--from-file=${keyOf(file)}=${shellWord(`${job.folder}/${file}`)}`).join(' ')} --dry-run=client -o yaml | kubectl apply -f -`,
    ...(job.variables.length > 0
      ? [
          `kubectl create secret generic ${job.name}-keys ${job.variables.map((name) => `--from-literal=${name}="$${name}"`).join(' ')}`,
        ]
      : []),
    `Fill in REGISTRY, and the volume that the logs are on; then: kubectl apply -f ${job.name}.yaml`,
    `kubectl create job --from=cronjob/${job.name} ${job.name}-now    # one night now`,
  ],
} satisfies Schedule

export function dockerfile({ version }: Job): string {
  return `# DuckDB's library wants glibc: no Alpine.
FROM node:24-slim
RUN npm install --global shadowgate@${version} && npm cache clean --force
USER ${uid}:${uid}
WORKDIR ${home}
ENTRYPOINT ["shadowgate"]
`
}

function manifests(job: Job): string {
  const { name, at, timeZone, storeGb } = job
  return `# A night of shadowgate: who may read these volumes may read prompts and answers.
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}-store
spec:
  accessModes: [ReadWriteOnce]           # the store has one writer; no network file system without locks
  resources:
    requests:
      storage: ${storeGb}Gi
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${name}
spec:
  schedule: "${at.minute} ${at.hour} * * *"               # ${timeWords(job)}
  timeZone: ${timeZone ?? 'Etc/UTC'}
  concurrencyPolicy: Forbid              # one night at a time
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 7
  failedJobsHistoryLimit: 7
  jobTemplate:
    spec:
      # A night that could not judge is seen by somebody; the next one goes on where it was. Nothing is paid for twice by itself.
      backoffLimit: 0
      activeDeadlineSeconds: ${longestHours * 3600}
      podFailurePolicy:
        rules:
          - action: Ignore               # a drained or preempted node is no failure: the pod starts again and goes on
            onPodConditions:
              - type: DisruptionTarget
      template:
        spec:
          restartPolicy: Never
          automountServiceAccountToken: false
          terminationGracePeriodSeconds: 180
          securityContext:
            runAsNonRoot: true
            runAsUser: ${uid}
            runAsGroup: ${uid}
            fsGroup: ${uid}
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: shadowgate
              image: REGISTRY/shadowgate:${job.version}
              # --exit-zero: GO, NO-GO, INCONCLUSIVE, INVALID and nothing new are results, which Kubernetes would call failures. The
              # pod's log has the verdict; from 64 on the night could not judge, and the job has failed.
              args: [run, --config, ${JSON.stringify(job.config)}, --exit-zero, --json]
              workingDir: ${home}
              env:
                - name: HOME
                  value: /tmp
${job.variables.map((variable) => envLines(variable, `${name}-keys`)).join('')}              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
              resources:
                requests:
                  cpu: 500m
                  memory: 512Mi
                limits:
                  memory: 1536Mi
              volumeMounts:
                - name: tmp
                  mountPath: /tmp
${[...configMounts(job), ...storeMounts(job), ...logMounts(job)].map(mountLines).join('')}          volumes:
            - name: tmp
              emptyDir:
                sizeLimit: 256Mi
            - name: config
              configMap:
                name: ${name}-config
            - name: store
              persistentVolumeClaim:
                claimName: ${name}-store
${job.logs.length === 0 ? '' : logVolume(name)}`
}

interface Mount {
  readonly name: string
  readonly at: string
  readonly subPath: string | null
  readonly isReadOnly: boolean
}

export function mountLines({ name, at, subPath, isReadOnly }: Mount): string {
  return [
    `                - name: ${name}`,
    `                  mountPath: ${JSON.stringify(at)}`,
    ...(subPath === null ? [] : [`                  subPath: ${JSON.stringify(subPath)}`]),
    ...(isReadOnly ? ['                  readOnly: true'] : []),
    '',
  ].join('\n')
}

/** One file each: a folder of a config map would have no room for the others' mounts. */
export function configMounts({ files }: Job): Mount[] {
  return files.map((file) => ({ name: 'config', at: `${home}/${file}`, subPath: keyOf(file), isReadOnly: true }))
}

export function storeMounts(job: Job): Mount[] {
  return job.writes.map((folder, index) => ({
    name: 'store',
    at: inContainer(folder, job),
    subPath: job.writes.length === 1 ? null : `part-${index + 1}`,
    isReadOnly: false,
  }))
}

function logMounts(job: Job): Mount[] {
  return job.logs.map((folder, index) => ({
    name: 'logs',
    at: inContainer(folder, job),
    subPath: job.logs.length === 1 ? null : `part-${index + 1}`,
    isReadOnly: true,
  }))
}

function inContainer(path: string, { folder }: Job): string {
  return path === folder || path.startsWith(`${folder}/`) ? `${home}${path.slice(folder.length)}` : path
}

export function envLines(variable: string, secret: string): string {
  return `                - name: ${variable}
                  valueFrom:
                    secretKeyRef:
                      name: ${secret}
                      key: ${variable}
`
}

function logVolume(name: string): string {
  return `            - name: logs                 # whatever your logs lie on
              persistentVolumeClaim:
                claimName: ${name}-logs
                readOnly: true
`
}

/** Keys of a config map have no slashes. */
function keyOf(file: string): string {
  return file.replaceAll(/[^\w.-]/g, '_')
}
