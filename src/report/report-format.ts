// What a report format is to the house: a name, a file and a pure function from the input to its text.

import type { ReportInput } from './input.ts'

/** One report format. One file each, listed in `index.ts`. */
export interface ReportFormat {
  /** The file's name and the word in the config. */
  readonly name: string
  /** Name of the written file inside the run's folder. */
  readonly file: string
  /** The whole file. Pure: the same input gives the same bytes. */
  readonly render: (input: ReportInput) => string
}
