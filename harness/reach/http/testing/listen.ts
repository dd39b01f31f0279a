import { createServer, type Server, type Socket } from 'node:net'

/** Opens a server on loopback; it goes, with all of its connections, at the end of the test. */
export async function listen(
  server: Server,
  onEnd: (close: () => Promise<void>) => void,
  host = '127.0.0.1',
  port = 0,
): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  onEnd(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A server that does to each connection what `act` says. */
export function raw(act: (socket: Socket) => void): Server {
  return createServer(act)
}
