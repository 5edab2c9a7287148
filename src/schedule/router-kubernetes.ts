// A Deployment and a Service for Kubernetes 1.27 or newer that keep the router running, in the image and the volume of the nights.

import { configMounts, dockerfile, envLines, home, mountLines, storeMounts, uid } from './kubernetes.ts'
import type { RouterJob, RouterSchedule } from './router-job.ts'

/** Until everybody knows that no more is to be sent here. */
const quietSeconds = 5

export const routerKubernetes = {
  files: (job) => [
    { name: 'Dockerfile', text: dockerfile(job) },
    { name: `${job.name}-router.yaml`, text: manifests(job) },
  ],
  steps: (job) => [
    'shadowgate schedule kubernetes first: image, keys, config and volume are the nights’, whose GO opens the canary',
    `Fill in REGISTRY; then: kubectl apply -f ${job.name}-router.yaml`,
    `kubectl exec deploy/${job.name}-router -- shadowgate ramp --config ${JSON.stringify(job.config)}`,
  ],
} satisfies RouterSchedule

function manifests(job: RouterJob): string {
  const { name, port, drainSeconds } = job
  return `# The router of shadowgate: who may read its volume may read prompts and answers.
apiVersion: v1
kind: Service
metadata:
  name: ${name}-router
spec:
  selector:
    app: ${name}-router
  ports:
    - name: http
      port: ${port}
      targetPort: ${port}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}-router
spec:
  replicas: 1                            # the journal has one writer
  strategy:
    type: Recreate                       # and so the old one ends before the new one begins
  selector:
    matchLabels:
      app: ${name}-router
  template:
    metadata:
      labels:
        app: ${name}-router
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: ${drainSeconds + quietSeconds}   # answers under way come to their end
      securityContext:
        runAsNonRoot: true
        runAsUser: ${uid}
        runAsGroup: ${uid}
        fsGroup: ${uid}
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: router
          image: REGISTRY/shadowgate:${job.version}
          args: [serve, --config, ${JSON.stringify(job.config)}, --canary-host, 0.0.0.0]
          workingDir: ${home}
          env:
            - name: HOME
              value: /tmp
${indented(job.variables.map((variable) => envLines(variable, `${name}-keys`)).join(''))}          ports:
            - name: http
              containerPort: ${port}
          # It listens once it is ready, and no more from when it drains. What it is asked whether it lives by is on loopback.
          readinessProbe:
            tcpSocket:
              port: ${port}
            periodSeconds: 2
          livenessProbe:
            exec:
              command: [shadowgate, ramp, --config, ${JSON.stringify(job.config)}, --quiet]
            initialDelaySeconds: 15
            periodSeconds: 60
            timeoutSeconds: 15
          lifecycle:
            preStop:
              exec:
                command: [sleep, "${quietSeconds}"]
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          resources:
            requests:
              cpu: "1"
              memory: 256Mi
            limits:
              memory: 1Gi
          volumeMounts:
            - name: tmp
              mountPath: /tmp
${indented([...configMounts(job), ...storeMounts(job)].map(mountLines).join(''))}      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 256Mi
        - name: config
          configMap:
            name: ${name}-config
        - name: store                    # ReadWriteOnce: nights and router run on one node
          persistentVolumeClaim:
            claimName: ${name}-store
`
}

/** The lines of a CronJob stand four deeper. */
function indented(lines: string): string {
  return lines.replaceAll(/^ {4}/gm, '')
}
