// What gateways that can't run here would say of a config: by their documents, in words of our own, and by Kubernetes' schemas.

import { type Schema, Validator } from '@cfworker/json-schema'
import { validate as tlsPolicy } from '@kubernetes-models/gateway-api/_schemas/IoK8sSigsGatewayApiApisV1BackendTLSPolicy'
import { validate as httpRoute } from '@kubernetes-models/gateway-api/_schemas/IoK8sSigsGatewayApiApisV1HTTPRoute'

type Check = ((data: unknown) => boolean) & { readonly errors?: unknown }

const closed = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const text: Schema = { type: 'string', minLength: 1 }
const label: Schema = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 }
const port: Schema = { type: 'integer', minimum: 1, maximum: 65_535 }

/** LiteLLM's `config.yaml`, as litellm/types/router.py and its docs of load balancing and mirroring have it (November 2026). */
export const litellmConfig: Schema = closed({
  model_list: {
    type: 'array',
    minItems: 2,
    items: closed(
      {
        model_name: text,
        litellm_params: {
          type: 'object',
          properties: {
            model: { type: 'string', pattern: '^(openai|text-completion-openai|anthropic)/.+' },
            api_base: { type: 'string', pattern: '^https?://' },
            // A key in the file would be the user's secret in a repository.
            api_key: { type: 'string', pattern: '^(none|os\\.environ/[A-Za-z_][A-Za-z0-9_]*)$' },
            weight: { type: 'integer', minimum: 0 },
            silent_model: text,
            additional_drop_params: { type: 'array', items: text },
          },
          required: ['model', 'api_base', 'api_key'],
        },
        model_info: closed({ id: text }),
      },
      ['model_name', 'litellm_params'],
    ),
  },
  router_settings: closed({ routing_strategy: { const: 'simple-shuffle' } }),
})

const backendRef = closed({ group: { const: 'gateway.envoyproxy.io' }, kind: { const: 'Backend' }, name: label })
const secret = closed({ secretRef: closed({ name: label }) })
const ours: Schema = { const: 'aigateway.envoyproxy.io/v1beta1' }

const resource = (apiVersion: Schema, kind: string, spec: Schema) =>
  closed({ apiVersion, kind: { const: kind }, metadata: closed({ name: label }), spec })

/** Envoy AI Gateway, as api/v1beta1 of envoyproxy/ai-gateway has it, and Envoy Gateway's Backend (November 2026). */
const envoy: Readonly<Record<string, Schema>> = {
  AIGatewayRoute: resource(
    ours,
    'AIGatewayRoute',
    closed({
      parentRefs: { type: 'array', maxItems: 16, items: { type: 'object' } },
      rules: {
        type: 'array',
        maxItems: 15,
        items: closed(
          {
            matches: { type: 'array', maxItems: 128, items: closed({ headers: { type: 'array', maxItems: 16 } }) },
            backendRefs: {
              type: 'array',
              items: closed(
                {
                  name: label,
                  weight: { type: 'integer', minimum: 0 },
                  modelNameOverride: text,
                  bodyMutation: closed(
                    {
                      set: { type: 'array', maxItems: 16, items: closed({ path: text, value: { type: 'string' } }) },
                      remove: { type: 'array', maxItems: 16, items: text },
                    },
                    [],
                  ),
                },
                ['name', 'weight'],
              ),
            },
            timeouts: closed({ request: text }),
          },
          ['backendRefs', 'timeouts'],
        ),
      },
    }),
  ),
  AIServiceBackend: resource(
    ours,
    'AIServiceBackend',
    closed({ schema: closed({ name: { enum: ['OpenAI', 'Anthropic'] }, prefix: text }), backendRef }),
  ),
  Backend: resource(
    { const: 'gateway.envoyproxy.io/v1alpha1' },
    'Backend',
    closed({
      endpoints: {
        type: 'array',
        minItems: 1,
        items: {
          oneOf: [
            closed({ fqdn: closed({ hostname: { type: 'string', format: 'hostname' }, port }) }),
            closed({
              ip: closed({
                address: {
                  anyOf: [
                    { type: 'string', format: 'ipv4' },
                    { type: 'string', format: 'ipv6' },
                  ],
                },
                port,
              }),
            }),
          ],
        },
      },
    }),
  ),
  BackendSecurityPolicy: resource(
    ours,
    'BackendSecurityPolicy',
    closed(
      {
        targetRefs: {
          type: 'array',
          items: closed({
            group: { const: 'aigateway.envoyproxy.io' },
            kind: { const: 'AIServiceBackend' },
            name: label,
          }),
        },
        type: { enum: ['APIKey', 'AzureAPIKey', 'AnthropicAPIKey'] },
        apiKey: secret,
        azureAPIKey: secret,
        anthropicAPIKey: secret,
      },
      ['targetRefs', 'type'],
    ),
  ),
}

export function complaintsBy(schema: Schema, value: unknown): readonly string[] {
  const { errors } = new Validator(schema, '2020-12', false).validate(value)
  return errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`)
}

interface Resource {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: { readonly rules?: readonly { readonly backendRefs: readonly Record<string, unknown>[] }[] }
}

/** Of one resource of an export. */
export function envoyComplaints(value: Resource): readonly string[] {
  if (value.kind === 'BackendTLSPolicy') return saidBy(tlsPolicy, value)
  const schema = envoy[value.kind]
  if (schema === undefined) return [`no schema of ${value.kind}`]
  const said = complaintsBy(schema, value)
  return value.kind === 'AIGatewayRoute' ? [...said, ...saidBy(httpRoute, asHttpRoute(value))] : said
}

function saidBy(check: Check, value: unknown): readonly string[] {
  return check(value) ? [] : [JSON.stringify(check.errors)]
}

/** Its rules are "a subset of the HTTPRoute in the Gateway API": without what is its own, they must be one. */
function asHttpRoute({ metadata, spec }: Resource): object {
  const rules = spec.rules?.map((rule) => ({
    ...rule,
    backendRefs: rule.backendRefs.map(({ name, weight }) => ({ name, weight, port: 80 })),
  }))
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata, spec: { ...spec, rules } }
}
