// Writes of one turn of the loop, held together: each one by itself costs more than all that is decided of a request.

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Head, body and end that come in one turn of the loop leave in one write. */
export function holdForThisTurn({ socket }: ServerResponse): void {
  if (socket === null) return
  socket.cork()
  process.nextTick(letGo, socket)
}

function letGo(socket: Socket): void {
  socket.uncork()
}
