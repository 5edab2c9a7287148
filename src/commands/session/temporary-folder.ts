// A folder for what is not kept, where the system has its temporary files.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault, thrownMessage } from '../../core/fault.ts'

/** Whoever asks for it takes it away. `purpose` is a part of its name. Fault: TEMPORARY_UNWRITABLE. */
export function temporaryFolder(purpose: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `shadowgate-${purpose}-`))
  } catch (error) {
    throw new Fault('TEMPORARY_UNWRITABLE', thrownMessage(error), { place: tmpdir(), cause: error })
  }
}
