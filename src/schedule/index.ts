// The schedulers that a nightly job can be handed to: an explicit list.

import { cron } from './cron.ts'
import { github } from './github.ts'
import type { Schedule } from './job.ts'
import { kubernetes } from './kubernetes.ts'
import type { RouterSchedule } from './router-job.ts'
import { routerKubernetes } from './router-kubernetes.ts'
import { routerSystemd } from './router-systemd.ts'
import { systemd } from './systemd.ts'

export const schedules = { cron, systemd, github, kubernetes } satisfies Readonly<Record<string, Schedule>>

export type ScheduleKind = keyof typeof schedules

/** Those that keep a router running, beside calling a night. */
export const routerSchedules: Readonly<Partial<Record<ScheduleKind, RouterSchedule>>> = {
  systemd: routerSystemd,
  kubernetes: routerKubernetes,
}
