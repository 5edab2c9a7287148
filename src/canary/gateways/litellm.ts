// The split as LiteLLM's `config.yaml`: two deployments of one model name, drawn by weight.

import { stringify } from 'yaml'
import { Fault } from '../../core/fault.ts'
import { arms, type JsonObject, type Target } from '../../core/types.ts'
import {
  changesOf,
  type Gateway,
  type GatewaySplit,
  leftBehind,
  missingIn,
  requireSpoken,
  weightsOf,
} from './gateway.ts'

/** LiteLLM's word before the model's name, by which it knows the API. */
const prefixes: Readonly<Record<string, string>> = {
  'openai-chat': 'openai',
  'openai-responses': 'openai',
  'openai-completions': 'text-completion-openai',
  'anthropic-messages': 'anthropic',
}

export const litellm = {
  title: 'LiteLLM',
  takesComments: true,
  config: (split) => {
    requireSpoken('LiteLLM', split, Object.keys(prefixes))
    return stringify({
      model_list: split.mode === 'shadow' ? mirrored(split) : weighted(split),
      // Others go by load or latency, and no weight holds.
      router_settings: { routing_strategy: 'simple-shuffle' },
    })
  },
  remarks: (split) => [
    ...missingIn('LiteLLM'),
    'Its retries may meet the other model, and what fails often is left out for seconds: the share holds while both answer.',
    ...(split.mode === 'shadow' ? ['Copies go to silent_model; LiteLLM logs their answers and compares nothing.'] : []),
    ...arms.flatMap((arm) => {
      const { set } = changesOf(split.targets[arm])
      const names = set.map(([name]) => name)
      return names.length > 0
        ? [`Of the ${arm} target, ${names.join(', ')} are defaults: a client that sends its own keeps it.`]
        : []
    }),
    ...leftBehind(split),
  ],
} satisfies Gateway

function weighted(split: GatewaySplit): readonly JsonObject[] {
  const name = modelOf(split)
  const weights = weightsOf(split)
  return arms.map((arm) => ({
    model_name: name,
    litellm_params: { ...paramsOf(split.targets[arm], name), weight: weights[arm] },
    model_info: { id: `${name}-${arm}` },
  }))
}

function mirrored(split: GatewaySplit): readonly JsonObject[] {
  const name = modelOf(split)
  const silent = `${name}-candidate`
  const { production, candidate } = split.targets
  return [
    { model_name: name, litellm_params: { ...paramsOf(production, name), silent_model: silent } },
    { model_name: silent, litellm_params: paramsOf(candidate, name) },
  ]
}

function paramsOf(target: Target, asked: string): JsonObject {
  const { api, baseUrl, model, keyFrom } = target
  const { set, removed } = changesOf(target)
  const base = baseUrl.replace(/\/$/, '')
  return {
    model: `${prefixes[api]}/${model ?? asked}`,
    // It puts /v1/messages behind Anthropic's, and less behind OpenAI's.
    api_base: api === 'anthropic-messages' ? base.replace(/\/v1$/, '') : base,
    // The client wants some key, also for a server that asks for none.
    api_key: keyFrom === null ? 'none' : `os.environ/${keyFrom.env}`,
    ...Object.fromEntries(set),
    ...(removed.length > 0 && { additional_drop_params: [...removed] }),
  }
}

function modelOf({ model }: GatewaySplit): string {
  if (model !== null) return model
  throw new Fault('USAGE', 'LiteLLM wants the name of the model that clients ask for', {
    place: 'targets.production.model',
    hint: 'name it there, or in canary.model',
  })
}
