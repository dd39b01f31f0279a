import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { EngineWay } from './way.ts'

/**
 * One request on a connection of its own. Never follows a redirect: where a target is, the configuration says, and not
 * what listens there. Throws the bare transport error.
 */
export function send(way: EngineWay, method: 'GET', path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = way.kind === 'tcp' && way.protocol === 'https'
  const where = way.kind === 'socket' ? { socketPath: way.socketPath } : { host: way.host, port: way.port }
  return new Promise((resolve, reject) => {
    const request = secure ? httpsRequest : httpRequest
    request({ ...where, agent: way.agent, method, path, signal }, resolve)
      .on('error', reject)
      .end()
  })
}
