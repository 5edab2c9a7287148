// Starts the demo's two servers, each in a thread of its own so that neither shares the harness's event loop.

import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Fault } from '../core/fault.ts'
import type { Arm } from '../core/types.ts'
import { demoDatasetDir } from './dataset.ts'
import { readNews, type WorkerOrder } from './orders.ts'

/** The models whose answers were recorded. */
export const demoModels = { production: 'gpt-4-0314', candidate: 'gpt-4-0613' } as const

export interface DemoOptions {
  /** `june`: the update of June 2023. `same`: production's own model again, which a gate must let pass. */
  readonly candidate: 'june' | 'same'
  /** Recorded time is divided by this; 100 when absent. */
  readonly timeScale?: number
  readonly seed: number
  /** The committed data when absent. */
  readonly datasetDir?: string
  /** Any free port when absent. */
  readonly ports?: { readonly production?: number; readonly candidate?: number }
  /** Bearer key that both servers ask for; when absent they accept any and none. */
  readonly key?: string
}

/** Two servers that listen. */
export interface DemoServers {
  /** Base URLs, ending in `/v1`. */
  readonly productionUrl: string
  readonly candidateUrl: string
  /** Ends both threads, answers under way included; resolves when they are gone. */
  readonly close: () => Promise<void>
}

function orderFor(arm: Arm, options: DemoOptions): WorkerOrder {
  const answers = arm === 'candidate' && options.candidate === 'june' ? 'candidate' : 'production'
  return {
    answers,
    model: demoModels[answers],
    // The arm is part of the seed: the same model behind both arms must not give the same draws.
    seed: `${options.seed} ${arm}`,
    timeScale: options.timeScale ?? 100,
    key: options.key ?? null,
    datasetDir: options.datasetDir ?? demoDatasetDir,
    port: options.ports?.[arm] ?? 0,
  }
}

/** Starts one worker and waits for its port. */
async function listening(order: WorkerOrder): Promise<{ readonly worker: Worker; readonly url: string }> {
  // The suffix is this file's own: `.ts` when run from the source, `.js` when built.
  const entry = new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const worker = new Worker(entry, { workerData: order, execArgv: [] })
  // Rejects where the thread throws before it has told anything.
  const [message]: unknown[] = await once(worker, 'message')
  const news = readNews(message)
  // A forgotten close must not keep the process alive.
  worker.unref()
  if (news.kind === 'listening') return { worker, url: `http://127.0.0.1:${news.port}/v1` }
  await worker.terminate()
  const hint = 'choose another port, or none for any that is free'
  throw new Fault('USAGE', `the demo cannot listen: ${news.detail}`, { place: `port ${order.port}`, hint })
}

/**
 * Starts the production and the candidate server on 127.0.0.1. Throws a `Fault` where a given port cannot be had, and
 * an `Error` where the dataset cannot be read. Their threads do not keep the process alive.
 */
export async function startDemoServers(options: DemoOptions): Promise<DemoServers> {
  const started = await Promise.allSettled([
    listening(orderFor('production', options)),
    listening(orderFor('candidate', options)),
  ])
  const [production, candidate] = started
  const workers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value.worker] : []))
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  if (production.status === 'fulfilled' && candidate.status === 'fulfilled') {
    return { productionUrl: production.value.url, candidateUrl: candidate.value.url, close }
  }
  await close()
  throw started.find((one) => one.status === 'rejected')?.reason
}
