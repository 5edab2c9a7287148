// One demo server in a thread of its own: listens, tells its port, serves until it is terminated.

import { parentPort, workerData } from 'node:worker_threads'
import { loadAnswerBook } from './dataset.ts'
import { readOrder, type WorkerNews } from './orders.ts'
import { createDemoServer } from './server.ts'

const order = readOrder(workerData)

function tell(news: WorkerNews): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(news)
}

const server = createDemoServer({ ...order, book: loadAnswerBook(order.datasetDir, order.answers) })
server.once('error', (error) => tell({ kind: 'failed', detail: error.message }))
server.listen(order.port, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  tell(port === undefined ? { kind: 'failed', detail: 'no port' } : { kind: 'listening', port })
})
