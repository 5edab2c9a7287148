// Preloaded into a server of others that would listen on every interface: it gets a free port on loopback, and says which.

import { Server } from 'node:net'

// oxlint-disable-next-line typescript/unbound-method -- applied to its own `this` below
const { listen } = Server.prototype

Server.prototype.listen = function onLoopback(this: Server): Server {
  this.once('listening', () => {
    const address = this.address()
    if (typeof address === 'object' && address !== null) process.send?.(address.port)
  })
  return Reflect.apply(listen, this, [0, '127.0.0.1'])
}
