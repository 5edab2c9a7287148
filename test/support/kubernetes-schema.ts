// What Kubernetes would say of a manifest: by its OpenAPI schemas, and of fields that these do not know.

import { validate as deployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment'
import { validate as cronJob } from 'kubernetes-models/_schemas/IoK8sApiBatchV1CronJob'
import { validate as claim } from 'kubernetes-models/_schemas/IoK8sApiCoreV1PersistentVolumeClaim'
import { validate as service } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service'

type Check = ((data: unknown) => boolean) & { readonly errors?: unknown }

const checks: Readonly<Record<string, Check>> = {
  CronJob: cronJob,
  PersistentVolumeClaim: claim,
  Deployment: deployment,
  Service: service,
}

/** The schemas let unknown fields pass; kubectl does not. A field that the check never looks at is one. */
export function complaints(manifest: { readonly kind: string }): readonly string[] {
  const check = checks[manifest.kind]
  if (check === undefined) return [`no schema of ${manifest.kind}`]
  const looked = new Set<string>()
  const isFine = check(watched(manifest, '', looked))
  const unknown = fieldsOf(manifest, '').filter((path) => !looked.has(path))
  return [...(isFine ? [] : [JSON.stringify(check.errors)]), ...unknown.map((path) => `unknown field ${path}`)]
}

function watched(value: unknown, path: string, looked: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get: (target, key, receiver) => {
      const at = `${path}/${String(key)}`
      looked.add(at)
      return watched(Reflect.get(target, key, receiver), at, looked)
    },
  })
}

function fieldsOf(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [`${path}/${key}`, ...fieldsOf(inner, `${path}/${key}`)])
}
