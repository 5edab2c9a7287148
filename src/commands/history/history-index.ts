// Writes reports/index.html and history.json: after each night, and never the cause of a failed one.

import { existsSync, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { Fault, thrownMessage } from '../../core/fault.ts'
import { type History, historyHtml, historyModel, historyText } from '../../report/index.ts'
import type { Store } from '../../store/store.ts'
import { type Session, withStore } from '../session/session.ts'
import { historyFile, historyIn } from './history-data.ts'

/** Fault: REPORT_UNWRITABLE. Gives the page's path, relative to where the command was called. */
export function writeHistory(session: Session, history: History): string {
  const { reportDir, world } = session
  const page = join(reportDir, 'index.html')
  const hasReport = (runId: string) => existsSync(join(reportDir, runId, 'report.html'))
  const html = historyHtml(historyModel(history), hasReport)
  try {
    mkdirSync(reportDir, { recursive: true })
    writeFileAtomic.sync(page, html)
    writeFileAtomic.sync(join(reportDir, historyFile), historyText(history))
  } catch (error) {
    const message = thrownMessage(error)
    throw new Fault('REPORT_UNWRITABLE', `the index can't be written: ${message}`, { place: page })
  }
  return relative(world.cwd, page)
}

/**
 * Over the store that is open, or over one that is opened for it. What goes wrong is said, and changes nothing; where another
 * process holds the store, that one writes the index when it is done.
 */
export async function refreshIndex(session: Session, store?: Store): Promise<void> {
  try {
    const isThere = store !== undefined || existsSync(session.storePath)
    const history = isThere ? await historyOver(session, store) : await historyIn(session, null)
    writeHistory(session, history)
  } catch (error) {
    if (error instanceof Fault && error.code === 'STORE_LOCKED') return
    const message = thrownMessage(error)
    session.world.log(`history  index.html was not written: ${message.split('\n')[0]}`)
  }
}

function historyOver(session: Session, store: Store | undefined): Promise<History> {
  return store === undefined ? withStore(session, (own) => historyIn(session, own)) : historyIn(session, store)
}
