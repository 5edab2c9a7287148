// The schedulers that a nightly job can be handed to: an explicit list.

import { cron } from './cron.ts'
import { github } from './github.ts'
import type { Schedule } from './job.ts'
import { kubernetes } from './kubernetes.ts'
import { systemd } from './systemd.ts'

export const schedules = { cron, systemd, github, kubernetes } satisfies Readonly<Record<string, Schedule>>

export type ScheduleKind = keyof typeof schedules
