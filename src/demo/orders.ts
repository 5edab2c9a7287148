// What a demo server's thread is told, and what it tells.

import { z } from 'zod'

const workerOrder = z.object({
  /** Whose recorded answers it gives. */
  answers: z.enum(['production', 'candidate']),
  model: z.string(),
  seed: z.string(),
  timeScale: z.number().positive(),
  key: z.string().nullable(),
  datasetDir: z.string(),
  port: z.int().min(0).max(65535),
})
export type WorkerOrder = Readonly<z.infer<typeof workerOrder>>

const workerNews = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listening'), port: z.int() }),
  z.object({ kind: z.literal('failed'), detail: z.string() }),
])
/** Told once: the port, or why there is none. */
export type WorkerNews = Readonly<z.infer<typeof workerNews>>

/** Both throw where a message is not of its shape: threads of one process never send another. */
export const readOrder = (message: unknown): WorkerOrder => workerOrder.parse(message)
export const readNews = (message: unknown): WorkerNews => workerNews.parse(message)
