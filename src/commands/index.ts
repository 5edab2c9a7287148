// The commands, in the order of the road: an explicit list.

import type { Command } from './command.ts'

export interface CommandEntry {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Loaded when called, so that `--help` waits for neither database nor statistics. */
  readonly load: () => Promise<Command>
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'Look at the logs that are here, and write a commented shadowgate.yaml that fits them',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'doctor',
    summary: 'Say whether a night could run, and what stands in its way',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'ingest',
    summary: 'Read production logs into the store',
    load: async () => (await import('./ingest.ts')).ingest,
  },
  {
    name: 'formats',
    summary: 'List the log formats that are read, and what each can tell',
    load: async () => (await import('./formats.ts')).formats,
  },
  {
    name: 'sample',
    summary: 'Draw the records of a new run from the store',
    load: async () => (await import('./sample.ts')).sample,
  },
  {
    name: 'plan',
    summary: 'Say what a run would send, take and cost, without sending anything',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'migrate',
    summary:
      'Say what the candidate would refuse of the recorded requests, and what mends it, before anything is paid for',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'replay',
    summary: 'Send the sample to both targets, or go on where a replay was cut off',
    load: async () => (await import('./replay.ts')).replay,
  },
  {
    name: 'control',
    summary: 'Ask a running replay how it is, pause it, resume it, stop it, or change its concurrency',
    load: async () => (await import('./control.ts')).control,
  },
  {
    name: 'judge',
    summary: "Ask the config's judge about the pairs of a run",
    load: async () => (await import('./judge.ts')).judge,
  },
  {
    name: 'score',
    summary: 'Measure the stored pairs of a run',
    load: async () => (await import('./score.ts')).score,
  },
  {
    name: 'gate',
    summary: 'Judge a run by the policy: GO, NO-GO, INCONCLUSIVE or INVALID',
    load: async () => (await import('./gate.ts')).gate,
  },
  {
    name: 'review',
    summary: 'Say of changes that they are accepted, a regression or left open: the gate heeds it',
    load: async () => (await import('./review.ts')).review,
  },
  {
    name: 'verify',
    summary: 'Compute a stored verdict again, and say whether it is the same to the byte',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'audit',
    summary: 'Put the gate itself to the test: what it says of production against itself, and of planted regressions',
    load: async () => (await import('./audit.ts')).audit,
  },
  {
    name: 'report',
    summary: 'Write the reports of a judged run: HTML, Markdown, JSON, JUnit',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'history',
    summary: 'Show what the nights came to, each rule over time, what changed and what failed',
    load: async () => (await import('./history.ts')).history,
  },
  {
    name: 'browse',
    summary: 'Read the pairs of a run in the terminal, and decide about them',
    load: async () => (await import('./browse.ts')).browse,
  },
  {
    name: 'pairs',
    summary: 'List the pairs of a run that a filter asks for, as text or JSON',
    load: async () => (await import('./pairs.ts')).pairs,
  },
  {
    name: 'export',
    summary: 'Write a judged run as Parquet files, from which its verdict can be computed again elsewhere',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'import',
    summary: 'Read a run that was exported into the store',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'gc',
    summary: 'Remove what the config keeps no longer: old texts first, verdicts never',
    load: async () => (await import('./gc.ts')).gc,
  },
  {
    name: 'run',
    summary: 'Ingest, sample, replay, score, gate and report: what the nightly job calls',
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'schedule',
    summary: 'Print what cron, systemd, GitHub or Kubernetes needs to call it every night',
    load: async () => (await import('./schedule.ts')).schedule,
  },
  {
    name: 'nightly',
    summary: 'Stay, and call run every night, where no cron and no other scheduler does',
    load: async () => (await import('./nightly.ts')).nightly,
  },
  {
    name: 'notify',
    summary: 'Send a test to everybody whom the config tells of a night, and say what each answered',
    load: async () => (await import('./notify.ts')).notify,
  },
  {
    name: 'serve',
    summary: 'Route users between production and the candidate, and raise its share by verdict',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'ramp',
    summary: 'Ask how the canary stands; advance, hold or roll it back, or flip blue-green',
    load: async () => (await import('./ramp.ts')).ramp,
  },
  {
    name: 'drill',
    summary: 'Spoil answers of a stand-in candidate, and say whether the canary would roll back, and how soon',
    load: async () => (await import('./drill.ts')).drill,
  },
  {
    name: 'demo',
    summary: "Try it on real data: would GPT-4's update of June 2023 have passed?",
    load: async () => (await import('./demo.ts')).demo,
  },
]
