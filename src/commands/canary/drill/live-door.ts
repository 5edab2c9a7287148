// The drill's part of the router's door: what an operator may ask of it.

import { z } from 'zod'
import { faults } from '../../../canary/faults/faults.ts'
import type { LiveDrill } from './live.ts'

const wish = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('begin'),
    fault: z.enum(faults.map(({ name }) => name)),
    share: z.number().gt(0).max(1),
    minutes: z.number().positive(),
    because: z.string().max(1000),
    by: z.string().min(1).max(200),
  }),
  z.strictObject({ action: z.literal('stop'), by: z.string().min(1).max(200) }),
])
export type DrillWish = z.infer<typeof wish>

/** What to answer, and with which status. `asked`: null asks how it stands. */
export function answerDrill(drill: LiveDrill, asked: unknown): { readonly status: number; readonly body: object } {
  if (asked !== null) {
    const found = wish.safeParse(asked)
    if (!found.success) return { status: 400, body: { error: z.prettifyError(found.error) } }
    const refusal = found.data.action === 'stop' ? drill.stop(found.data.by) : begun(drill, found.data)
    if (refusal !== null) return { status: 409, body: { error: refusal } }
  }
  return { status: 200, body: { drill: drill.status() } }
}

function begun(drill: LiveDrill, wished: Extract<DrillWish, { action: 'begin' }>): string | null {
  const { fault, share, minutes, because, by } = wished
  return drill.begin({ fault, share, minutes, because }, by)
}
