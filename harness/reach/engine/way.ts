import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { EngineAddress } from '../../model/address.ts'

/** The last step to the engine, once tunnels are up and files are read. */
export type EngineWay =
  | { readonly kind: 'socket'; readonly socketPath: string; readonly agent: HttpAgent }
  | {
      readonly kind: 'tcp'
      readonly protocol: 'http' | 'https'
      readonly host: string
      readonly port: number
      readonly agent: HttpAgent | HttpsAgent
    }

/** How connections are kept; for one that is used again there is no telling whether a request on it ever arrived. */
export interface Keeping {
  /** For many small requests in a row. Whoever asks so must look after each change whose answer did not come. */
  readonly keepAlive: boolean
}

/** A connection for each request: when one breaks, it is this request that has broken, and not an old idle one. */
const oneEach: Keeping = { keepAlive: false }
/** An idle connection is closed before anything in between may give it up. */
const idleMs = 2_000

/** `tunnelSocket` is where an ssh engine's socket ends here. Reads the TLS files. */
export function wayTo(
  engine: EngineAddress,
  tunnelSocket: string | undefined,
  { keepAlive }: Keeping = oneEach,
): EngineWay {
  const kept = keepAlive ? { keepAlive, timeout: idleMs } : { keepAlive }
  const plain = new HttpAgent(kept)
  if (engine.kind === 'unix') return { kind: 'socket', socketPath: engine.socketPath, agent: plain }
  if (engine.kind === 'ssh') return { kind: 'socket', socketPath: tunnelSocket ?? engine.socketPath, agent: plain }
  const host = engine.host.replace(/^\[(.*)\]$/, '$1')
  if (engine.tls === undefined) return { kind: 'tcp', protocol: 'http', host, port: engine.port, agent: plain }
  const [ca, cert, key] = [engine.tls.ca, engine.tls.cert, engine.tls.key].map((path) => readFileSync(path))
  const agent = new HttpsAgent({ ...kept, ca, cert, key })
  return { kind: 'tcp', protocol: 'https', host, port: engine.port, agent }
}
