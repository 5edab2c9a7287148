// The commands, in the order in which help shows them: an explicit list.

import type { Command } from './command.ts'

export interface CommandEntry {
  readonly name: string
  /** The heading that it stands under in the list of commands. */
  readonly group: 'To begin' | 'Every night' | 'Stage by stage' | 'Behind a verdict' | 'After a GO'
  /** One line for the list of commands. */
  readonly summary: string
  /** Loaded when called, so that `--help` waits for neither database nor statistics. */
  readonly load: () => Promise<Command>
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'demo',
    group: 'To begin',
    summary: "Try it on real data: would GPT-4's update of June 2023 have passed?",
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'init',
    group: 'To begin',
    summary: 'Look at the logs that are here, and write a commented shadowgate.yaml that fits them',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'doctor',
    group: 'To begin',
    summary: 'Say whether a night could run, and what stands in its way',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'run',
    group: 'Every night',
    summary: 'Ingest, sample, replay, score, gate and report: what the nightly job calls',
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'schedule',
    group: 'Every night',
    summary: 'Print what cron, systemd, GitHub or Kubernetes needs to call it every night',
    load: async () => (await import('./schedule.ts')).schedule,
  },
  {
    name: 'nightly',
    group: 'Every night',
    summary: 'Stay, and call run every night, where no cron and no other scheduler does',
    load: async () => (await import('./nightly.ts')).nightly,
  },
  {
    name: 'notify',
    group: 'Every night',
    summary: 'Send a test to everybody whom the config tells of a night, and say what each answered',
    load: async () => (await import('./notify.ts')).notify,
  },
  {
    name: 'history',
    group: 'Every night',
    summary: 'Show what the nights came to, each rule over time, what changed and what failed',
    load: async () => (await import('./history.ts')).history,
  },
  {
    name: 'gc',
    group: 'Every night',
    summary: 'Remove what the config keeps no longer: old texts first, verdicts never',
    load: async () => (await import('./gc.ts')).gc,
  },
  {
    name: 'ingest',
    group: 'Stage by stage',
    summary: 'Read production logs into the store',
    load: async () => (await import('./ingest.ts')).ingest,
  },
  {
    name: 'formats',
    group: 'Stage by stage',
    summary: 'List the log formats that are read, and what each can tell',
    load: async () => (await import('./formats.ts')).formats,
  },
  {
    name: 'sample',
    group: 'Stage by stage',
    summary: 'Draw the records of a new run from the store',
    load: async () => (await import('./sample.ts')).sample,
  },
  {
    name: 'plan',
    group: 'Stage by stage',
    summary: 'Say what a run would send, take and cost, without sending anything',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'migrate',
    group: 'Stage by stage',
    summary:
      'Say what the candidate would refuse of the recorded requests, and what mends it, before anything is paid for',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'replay',
    group: 'Stage by stage',
    summary: 'Send the sample to both targets, or go on where a replay was cut off',
    load: async () => (await import('./replay.ts')).replay,
  },
  {
    name: 'control',
    group: 'Stage by stage',
    summary: 'Ask a running replay how it is, pause it, resume it, stop it, or change its concurrency',
    load: async () => (await import('./control.ts')).control,
  },
  {
    name: 'judge',
    group: 'Stage by stage',
    summary: "Ask the config's judge about the pairs of a run",
    load: async () => (await import('./judge.ts')).judge,
  },
  {
    name: 'score',
    group: 'Stage by stage',
    summary: 'Measure the stored pairs of a run',
    load: async () => (await import('./score.ts')).score,
  },
  {
    name: 'gate',
    group: 'Stage by stage',
    summary: 'Judge a run by the policy: GO, NO-GO, INCONCLUSIVE or INVALID',
    load: async () => (await import('./gate.ts')).gate,
  },
  {
    name: 'report',
    group: 'Stage by stage',
    summary: 'Write the reports of a judged run: HTML, Markdown, JSON, JUnit',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'browse',
    group: 'Behind a verdict',
    summary: 'Read the pairs of a run in the terminal, and decide about them',
    load: async () => (await import('./browse.ts')).browse,
  },
  {
    name: 'pairs',
    group: 'Behind a verdict',
    summary: 'List the pairs of a run that a filter asks for, as text or JSON',
    load: async () => (await import('./pairs.ts')).pairs,
  },
  {
    name: 'review',
    group: 'Behind a verdict',
    summary: 'Say of changes that they are accepted, a regression or left open: the gate heeds it',
    load: async () => (await import('./review.ts')).review,
  },
  {
    name: 'verify',
    group: 'Behind a verdict',
    summary: 'Compute a stored verdict again, and say whether it is the same to the byte',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'audit',
    group: 'Behind a verdict',
    summary: 'Put the gate itself to the test: what it says of production against itself, and of planted regressions',
    load: async () => (await import('./audit.ts')).audit,
  },
  {
    name: 'export',
    group: 'Behind a verdict',
    summary: 'Write a judged run as Parquet files, from which its verdict can be computed again elsewhere',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'import',
    group: 'Behind a verdict',
    summary: 'Read a run that was exported into the store',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'serve',
    group: 'After a GO',
    summary: 'Route users between production and the candidate, and raise its share by verdict',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'ramp',
    group: 'After a GO',
    summary: 'Ask how the canary stands; advance, hold or roll it back, or flip blue-green',
    load: async () => (await import('./ramp.ts')).ramp,
  },
  {
    name: 'drill',
    group: 'After a GO',
    summary: 'Spoil answers of a stand-in candidate, and say whether the canary would roll back, and how soon',
    load: async () => (await import('./drill.ts')).drill,
  },
]
