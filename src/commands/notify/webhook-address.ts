// Where a webhook's messages go, or why none can: the night and the doctor ask the same.

import type { Session } from '../session/session.ts'

export type Webhook = Session['config']['notify']['webhooks'][number]

type Env = Readonly<Record<string, string | undefined>>

/** As it is written or its variable has it, whatever that is. */
export function addressOf({ url, urlFrom }: Pick<Webhook, 'url' | 'urlFrom'>, env: Env): string | undefined {
  return url ?? (urlFrom && env[urlFrom.env]?.trim())
}

/** The address is a secret, and stands in no `because`. */
export function webhookAddress(hook: Webhook, env: Env): { readonly url: string } | { readonly because: string } {
  const url = addressOf(hook, env)
  const unset = url ? unsetIn([url, ...Object.values(hook.headers)]) : hook.urlFrom?.env
  if (!url || unset) return { because: `the environment variable ${unset} is not set` }
  if (/^https?:/i.test(url) && URL.canParse(url)) return { url }
  return { because: `${hook.urlFrom?.env} holds no address that begins with https:// or http://` }
}

/** The first variable that the config names and nobody set: it stands as it is written. */
export function unsetIn(texts: readonly string[]): string | undefined {
  return /\$(?:\{|%7B)([A-Za-z_]\w*)(?:\}|%7D)/i.exec(texts.join(' '))?.[1]
}
