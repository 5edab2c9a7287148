// The split as a config of Portkey's gateway, for `x-portkey-config` or its app.

import { arms, type JsonObject, type Target } from '../../core/types.ts'
import { changesOf, type Gateway, leftBehind, missingIn, requireSpoken, weightsOf } from './gateway.ts'

const providers: Readonly<Record<string, string>> = {
  'openai-chat': 'openai',
  'openai-completions': 'openai',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
}

export const portkey = {
  title: "Portkey's gateway",
  takesComments: false,
  config: (split) => {
    requireSpoken("Portkey's gateway", split, Object.keys(providers))
    const weights = weightsOf(split)
    const targets = arms.map((arm) => targetIn(split.targets[arm], weights[arm]))
    return `${JSON.stringify({ strategy: { mode: 'loadbalance' }, targets }, null, 2)}\n`
  },
  remarks: (split) => [
    ...missingIn('Portkey'),
    ...(split.mode === 'shadow' ? ['It sends no copies: in shadow all of it is production.'] : []),
    ...arms.flatMap((arm) => {
      const { removed } = changesOf(split.targets[arm])
      return removed.length > 0 ? [`Not in it: the ${arm} target takes out ${removed.join(', ')}.`] : []
    }),
    ...leftBehind(split),
    'It refuses hosts of private networks, unless its variable TRUSTED_CUSTOM_HOSTS names them.',
    ...(arms.some((arm) => split.targets[arm].keyFrom !== null)
      ? ['Keys stand as ${NAME}: envsubst fills them in. In the Portkey app, put "provider": "@<slug>" in their place.']
      : []),
  ],
} satisfies Gateway

function targetIn(target: Target, weight: number): JsonObject {
  const { api, baseUrl, model, keyFrom } = target
  const set = Object.fromEntries(changesOf(target).set)
  const params = { ...(model !== null && { model }), ...set }
  return {
    provider: providers[api] ?? 'openai',
    // A target without a key is refused.
    api_key: keyFrom === null ? 'none' : `\${${keyFrom.env}}`,
    custom_host: baseUrl.replace(/\/$/, ''),
    weight,
    ...(Object.keys(params).length > 0 && { override_params: params }),
  }
}
