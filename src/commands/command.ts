// What a command is: examples, the settings that it takes as flags, and what it does. Its name stands in `index.ts`.

import type { World } from './world.ts'

/** Flags that a command has beside the settings. */
export interface OwnFlag {
  readonly flag: string
  readonly description: string
}

/** A word after the command's name. */
export interface OwnArgument {
  /** `<action>`, or `[action]` where it may be left out. */
  readonly name: string
  readonly description: string
  /** Without them any word will do. */
  readonly choices?: readonly string[]
}

/** Of a command that gives a verdict, or passes one on. */
export const verdictStatuses =
  "0 GO   1 NO-GO   2 INCONCLUSIVE   3 INVALID (the run can't be judged)   4 nothing new to judge"

export interface Command {
  readonly examples: readonly string[]
  /** Paths of settings (`sample`, `report.dir`) that this command takes as flags and environment variables. */
  readonly settings: readonly string[]
  readonly flags: readonly OwnFlag[]
  readonly argument?: OwnArgument
  /** What it ends in beside what every command may, as help has it; 0 alone without it. */
  readonly statuses?: string
  /** Paragraphs at the end of its help. */
  readonly notes?: readonly string[]
  /** Returns the exit status. Throws a Fault for what the user can mend. */
  readonly run: (world: World, invocation: Invocation) => Promise<number>
}

/** How a command was called. */
export interface Invocation {
  /** The command's name, for others that it keeps waiting. */
  readonly command: string
  readonly config: string
  /** Setting flags that were given: dotted path → text. */
  readonly settings: Readonly<Record<string, string>>
  /** The command's own flags: name without dashes → true or text; of a list, with commas between. */
  readonly own: Readonly<Record<string, string | boolean>>
  /** The word after the command's name, where it takes one. */
  readonly word: string | null
  /** Exactly one JSON document on standard output. */
  readonly isJson: boolean
  readonly isQuiet: boolean
}
