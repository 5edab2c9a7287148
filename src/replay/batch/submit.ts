// Handing a batch over, once: also where nobody heard the provider's answer.

import type { Batch } from '../../core/batch.ts'
import { type BatchApi, HttpTrouble } from './batch-api.ts'
import type { SharedBook } from './book.ts'
import { patiently } from './patience.ts'

/** The provider's name for a batch that it may have made; null where it has not. */
export async function findBatch(api: BatchApi, batch: Batch, { known }: SharedBook): Promise<string | null> {
  const { fileId, requests, submittedAt } = batch
  try {
    return await api.find({ fileId, requests, submittedAt, known })
  } catch (error) {
    // A server without a list can't be asked.
    if (error instanceof HttpTrouble && [404, 405, 501].includes(error.status ?? 0)) return null
    throw error
  }
}

/** Hands over a batch that is written down already, and gives the provider's name for it. */
export async function submitBatch(
  api: BatchApi,
  { batch, lines }: { readonly batch: Batch; readonly lines: readonly string[] },
  book: SharedBook,
): Promise<string> {
  const fileId = await patiently(() => api.upload(lines), book)
  if (fileId !== null) await book.ledger.update(batch.number, { fileId })
  return patiently(async (tries) => {
    // Subtle: a request that nobody answered may have been heard, and a batch that is made twice is paid twice.
    const found = tries > 0 ? await findBatch(api, { ...batch, fileId }, book) : null
    return found ?? api.create(lines, fileId)
  }, book)
}
