import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

const listening = `
const server = require('node:net').createServer()
server.listen({ ...JSON.parse(process.argv[1]), backlog: 1 }, () => console.log(server.address().port))
`

/** A port whose process is stopped and whose queue is full: the kernel lets nobody else in, and says nothing. */
export async function deadPort(
  onEnd: (close: () => void) => void,
  at: { readonly host: string; readonly port: number } = { host: '127.0.0.1', port: 0 },
): Promise<number> {
  const child = spawn(process.execPath, ['-e', listening, JSON.stringify(at)], { stdio: ['ignore', 'pipe', 'inherit'] })
  onEnd(() => void child.kill('SIGKILL'))
  const [said] = await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  const port = Number(String(said))
  for (let waiting = 0; waiting < 8; waiting += 1) {
    const socket = connect({ host: at.host, port }).on('error', () => undefined)
    onEnd(() => void socket.destroy())
    const full = await Promise.race([
      once(socket, 'connect').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 200)),
    ])
    if (full) return port
  }
  throw new Error(`the queue of port ${port} does not fill`)
}
