// The gateways that can be handed the split: an explicit list.

import { envoyAiGateway } from './envoy-ai-gateway.ts'
import type { Gateway } from './gateway.ts'
import { litellm } from './litellm.ts'
import { portkey } from './portkey.ts'

export const gateways = {
  portkey,
  litellm,
  'envoy-ai-gateway': envoyAiGateway,
} satisfies Readonly<Record<string, Gateway>>

export type GatewayName = keyof typeof gateways
