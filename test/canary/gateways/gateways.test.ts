// The split as config of gateways. Portkey's runs in `test/e2e/gateways.test.ts`; the others are held against what they document.

import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { GatewaySplit } from '../../../src/canary/gateways/gateway.ts'
import { gateways } from '../../../src/canary/gateways/index.ts'
import type { Target } from '../../../src/core/types.ts'
import { complaintsBy, envoyComplaints, litellmConfig } from '../../support/gateway-schemas.ts'
import { targetOf } from '../../support/sender.ts'

const target = (parts: Partial<Target>): Target => ({
  ...targetOf('https://api.openai.com/v1'),
  overrides: {},
  ...parts,
})

function splitOf(parts: Partial<GatewaySplit> = {}, candidate: Partial<Target> = {}): GatewaySplit {
  return {
    mode: 'canary',
    candidate: 2500,
    model: 'now',
    targets: {
      production: target({ arm: 'production', model: 'now', keyFrom: { env: 'OPENAI_API_KEY' } }),
      candidate: target({ arm: 'candidate', model: 'next', baseUrl: 'http://10.0.0.7:8000/v1', ...candidate }),
    },
    standing: '25 %',
    ...parts,
  }
}

const overridden = {
  overrides: { temperature: 0.2, seed: null, reasoning: { effort: 'low' } },
  rename: { max_tokens: 'max_completion_tokens' },
  headerNames: ['x-team'],
}
const anthropic = {
  api: 'anthropic-messages',
  baseUrl: 'https://api.anthropic.com/v1',
  keyFrom: { env: 'ANTHROPIC_KEY' },
}

const splits: readonly (readonly [string, GatewaySplit])[] = [
  ['a quarter', splitOf()],
  ['nobody', splitOf({ candidate: 0 })],
  ['everybody', splitOf({ candidate: 10_000 })],
  ['one in ten thousand', splitOf({ candidate: 1 })],
  ['shadow', splitOf({ candidate: 0, mode: 'shadow' })],
  ['overrides', splitOf({}, overridden)],
  ['a server without a path', splitOf({}, { baseUrl: 'http://models.internal.example' })],
  ['an IPv6 address', splitOf({}, { baseUrl: 'http://[fd00::7]:8000/v1' })],
  ['Azure', splitOf({}, { vendor: 'azure-openai', keyFrom: { env: 'AZURE_KEY' } })],
  ['completions', splitOf({}, { api: 'openai-completions' })],
  ['responses', splitOf({}, { api: 'openai-responses' })],
  ['Anthropic', splitOf({}, anthropic)],
]

interface Deployment {
  readonly model_name: string
  readonly litellm_params: { readonly model: string; readonly weight?: number; readonly silent_model?: string }
}

const shareOf = (production = 0, candidate = 0) => candidate / (production + candidate)

interface EnvoyRoute {
  readonly spec: { readonly rules: readonly { readonly backendRefs: readonly { name: string; weight: number }[] }[] }
}

const envoyOf = (split: GatewaySplit) =>
  parseAllDocuments(gateways['envoy-ai-gateway'].config(split)).map((document) => document.toJS())

describe.each(splits)('%s', (_, split) => {
  const share = split.candidate / 10_000

  it('is a config that LiteLLM documents, with the share as weight', () => {
    const config = parse(gateways.litellm.config(split))
    expect(complaintsBy(litellmConfig, config)).toEqual([])
    const deployments = (config.model_list as Deployment[]).map(({ model_name, litellm_params }) => ({
      model_name,
      ...litellm_params,
    }))
    if (split.mode === 'shadow') {
      expect(deployments).toMatchObject([
        { model_name: 'now', silent_model: 'now-candidate' },
        { model_name: 'now-candidate' },
      ])
      return
    }
    const [production, candidate] = deployments
    expect([production?.model_name, candidate?.model_name]).toEqual(['now', 'now'])
    expect(shareOf(production?.weight, candidate?.weight)).toBeCloseTo(share, 10)
    expect(candidate?.model).toMatch(/\/next$/)
  })

  it('is what Envoy AI Gateway documents, with the share as weight', () => {
    const resources = envoyOf(split)
    expect(
      resources.flatMap((resource) => envoyComplaints(resource).map((said) => `${resource.kind}: ${said}`)),
    ).toEqual([])
    const [route] = resources as [EnvoyRoute]
    const [production, candidate] = route.spec.rules[0]?.backendRefs ?? []
    expect([production?.name, candidate?.name]).toEqual(['shadowgate-production', 'shadowgate-candidate'])
    expect(shareOf(production?.weight, candidate?.weight)).toBeCloseTo(share, 10)
    // What the route and its backends name is there.
    const named = new Set(resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`))
    for (const arm of ['production', 'candidate']) {
      expect(named).toContain(`AIServiceBackend shadowgate-${arm}`)
      expect(named).toContain(`Backend shadowgate-${arm}`)
    }
  })
})

it('puts no request where there is no weight: the sum is never zero', () => {
  for (const [, split] of splits) {
    const { targets } = JSON.parse(gateways.portkey.config(split)) as { targets: { weight: number }[] }
    expect(targets.reduce((sum, { weight }) => sum + weight, 0)).toBeGreaterThan(0)
  }
})

describe('what differs by gateway', () => {
  it('LiteLLM puts /v1/messages behind Anthropic’s base by itself', () => {
    const config = parse(gateways.litellm.config(splitOf({}, anthropic)))
    expect(config.model_list[1].litellm_params).toMatchObject({
      model: 'anthropic/next',
      api_base: 'https://api.anthropic.com',
      api_key: 'os.environ/ANTHROPIC_KEY',
    })
  })

  it('Envoy sets and removes fields of the body, sends keys by what the API calls them, and asks TLS of https alone', () => {
    const resources = envoyOf(splitOf({}, { ...anthropic, ...overridden }))
    const [route] = resources as [EnvoyRoute]
    expect(route.spec.rules[0]?.backendRefs[1]).toMatchObject({
      bodyMutation: {
        set: [
          { path: 'temperature', value: '0.2' },
          { path: 'reasoning', value: '{"effort":"low"}' },
        ],
        remove: ['seed'],
      },
    })
    const policies = resources.filter(({ kind }) => kind === 'BackendSecurityPolicy')
    expect(policies.map(({ spec }) => spec.type)).toEqual(['APIKey', 'AnthropicAPIKey'])
    const tls = envoyOf(splitOf()).filter(({ kind }) => kind === 'BackendTLSPolicy')
    expect(tls.map(({ metadata }) => metadata.name)).toEqual(['shadowgate-production'])
  })

  it.each(Object.entries(gateways))('%s says what it lacks, and what was left behind', (_, gateway) => {
    const remarks = gateway.remarks(splitOf({ mode: 'shadow' }, overridden)).join('\n')
    expect(remarks).toContain('a user meets both models')
    expect(remarks).toMatch(/cop(?:y|ies)/i)
    expect(remarks).toContain('the candidate target renames max_tokens')
    expect(remarks).toContain('headers of the candidate target: x-team')
  })

  it.each(Object.entries(gateways))('%s holds no key, and names its variable', (_, gateway) => {
    const split = splitOf()
    const text = gateway.config(split) + gateway.remarks(split).join('\n')
    expect(text).toContain('OPENAI_API_KEY')
    expect(text).not.toMatch(/sk-/)
  })

  it.each(Object.entries(gateways))('%s refuses what it is not told how to serve', (_, gateway) => {
    const refused: readonly Partial<Target>[] = [
      { api: 'gemini-generate-content' },
      { api: 'ollama' },
      { vendor: 'azure-openai-deployments' },
    ]
    for (const parts of refused) {
      expect(() => gateway.config(splitOf({}, parts))).toThrow(
        expect.objectContaining({ code: 'USAGE', place: 'targets.candidate' }),
      )
    }
  })

  it('LiteLLM has to know the model that clients ask for; the others serve any', () => {
    const any = splitOf({ model: null })
    expect(() => gateways.litellm.config(any)).toThrow(expect.objectContaining({ code: 'USAGE' }))
    expect(envoyOf(any)[0].spec.rules[0]).not.toHaveProperty('matches')
    expect(() => gateways.portkey.config(any)).not.toThrow()
  })
})
