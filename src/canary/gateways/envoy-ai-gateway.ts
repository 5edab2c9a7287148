// The split as resources of Envoy AI Gateway (aigateway.envoyproxy.io/v1beta1): one route with two backends, drawn by weight.

import { stringify } from 'yaml'
import { type Arm, arms, type JsonObject, type Target } from '../../core/types.ts'
import {
  changesOf,
  type Gateway,
  type GatewaySplit,
  leftBehind,
  missingIn,
  requireSpoken,
  weightsOf,
} from './gateway.ts'

const api = 'aigateway.envoyproxy.io'
const apiVersion = `${api}/v1beta1`
const envoyGateway = 'gateway.envoyproxy.io'
const kubernetesGateway = 'gateway.networking.k8s.io'

const schemas: Readonly<Record<string, string>> = {
  'openai-chat': 'OpenAI',
  'openai-completions': 'OpenAI',
  'openai-responses': 'OpenAI',
  'anthropic-messages': 'Anthropic',
}

export const envoyAiGateway = {
  title: 'Envoy AI Gateway',
  takesComments: true,
  config: (split) => {
    requireSpoken('Envoy AI Gateway', split, Object.keys(schemas))
    const resources = [routeOf(split), ...arms.flatMap((arm) => backendOf(arm, split.targets[arm]))]
    return resources.map((resource) => stringify(resource, { lineWidth: 0 })).join('---\n')
  },
  remarks: (split) => [
    ...missingIn('Envoy'),
    ...(split.mode === 'shadow' ? ['This route sends no copies: in shadow all of it is production.'] : []),
    'parentRefs names the Gateway that it belongs to: put in yours.',
    ...arms.flatMap((arm) => {
      const { keyFrom } = split.targets[arm]
      if (keyFrom === null) return []
      return [`kubectl create secret generic ${keyNameOf(arm)} --from-literal=apiKey="$${keyFrom.env}"`]
    }),
    ...leftBehind(split),
  ],
} satisfies Gateway

function nameOf(arm: Arm): string {
  return `shadowgate-${arm}`
}

function keyNameOf(arm: Arm): string {
  return `${nameOf(arm)}-key`
}

function routeOf(split: GatewaySplit): JsonObject {
  const { model, targets } = split
  const weights = weightsOf(split)
  const seconds = Math.ceil(Math.max(...arms.map((arm) => targets[arm].timeouts.totalMs)) / 1000)
  return {
    apiVersion,
    kind: 'AIGatewayRoute',
    metadata: { name: 'shadowgate' },
    spec: {
      parentRefs: [{ group: kubernetesGateway, kind: 'Gateway', name: 'ai-gateway' }],
      rules: [
        {
          // Envoy reads the model from the body into this header before it chooses a route.
          ...(model !== null && { matches: [{ headers: [{ type: 'Exact', name: 'x-ai-eg-model', value: model }] }] }),
          backendRefs: arms.map((arm) => ({
            name: nameOf(arm),
            weight: weights[arm],
            ...(targets[arm].model !== null && { modelNameOverride: targets[arm].model }),
            ...mutationOf(targets[arm]),
          })),
          timeouts: { request: `${seconds}s` },
        },
      ],
    },
  }
}

/** Values are JSON texts. */
function mutationOf(target: Target): JsonObject {
  const { set, removed } = changesOf(target)
  if (set.length + removed.length === 0) return {}
  return {
    bodyMutation: {
      ...(set.length > 0 && { set: set.map(([path, value]) => ({ path, value: JSON.stringify(value) })) }),
      ...(removed.length > 0 && { remove: [...removed] }),
    },
  }
}

function backendOf(arm: Arm, target: Target): readonly JsonObject[] {
  const name = nameOf(arm)
  const url = new URL(target.baseUrl)
  const isTls = url.protocol === 'https:'
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
  const backendRef = { group: envoyGateway, kind: 'Backend', name }
  const prefix = url.pathname.replace(/\/$/, '')
  return [
    {
      apiVersion,
      kind: 'AIServiceBackend',
      metadata: { name },
      spec: { schema: { name: schemas[target.api] ?? 'OpenAI', prefix: prefix === '' ? '/' : prefix }, backendRef },
    },
    {
      apiVersion: `${envoyGateway}/v1alpha1`,
      kind: 'Backend',
      metadata: { name },
      spec: { endpoints: [endpointOf(url.hostname, port)] },
    },
    ...(isTls ? [tlsOf(name, url.hostname, backendRef)] : []),
    ...(target.keyFrom === null ? [] : [keyOf(arm, target)]),
  ]
}

function endpointOf(hostname: string, port: number): JsonObject {
  const address = hostname.replace(/^\[|\]$/g, '')
  const isAddress = /^[\d.]+$/.test(address) || address.includes(':')
  return isAddress ? { ip: { address, port } } : { fqdn: { hostname, port } }
}

function tlsOf(name: string, hostname: string, backend: JsonObject): JsonObject {
  return {
    apiVersion: `${kubernetesGateway}/v1`,
    kind: 'BackendTLSPolicy',
    metadata: { name },
    spec: { targetRefs: [backend], validation: { wellKnownCACertificates: 'System', hostname } },
  }
}

/** Which header carries the key, its type says. */
function keyOf(arm: Arm, { api: spoken, vendor }: Target): JsonObject {
  const secret = { secretRef: { name: keyNameOf(arm) } }
  const ways = {
    anthropic: { type: 'AnthropicAPIKey', anthropicAPIKey: secret },
    azure: { type: 'AzureAPIKey', azureAPIKey: secret },
    others: { type: 'APIKey', apiKey: secret },
  }
  const way = spoken === 'anthropic-messages' ? 'anthropic' : vendor === 'azure-openai' ? 'azure' : 'others'
  return {
    apiVersion,
    kind: 'BackendSecurityPolicy',
    metadata: { name: keyNameOf(arm) },
    spec: { targetRefs: [{ group: api, kind: 'AIServiceBackend', name: nameOf(arm) }], ...ways[way] },
  }
}
