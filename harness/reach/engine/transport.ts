import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { EngineWay } from './way.ts'

export type Method = 'GET' | 'POST' | 'DELETE'

/**
 * One request on a connection of its own, made once. Never follows a redirect: where a target is, the configuration
 * says, and not what listens there. `body` is JSON. Throws the bare transport error.
 */
export function send(
  way: EngineWay,
  method: Method,
  path: string,
  signal: AbortSignal,
  body?: string,
): Promise<IncomingMessage> {
  const secure = way.kind === 'tcp' && way.protocol === 'https'
  const where = way.kind === 'socket' ? { socketPath: way.socketPath } : { host: way.host, port: way.port }
  const headers =
    body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const request = secure ? httpsRequest : httpRequest
    request({ ...where, agent: way.agent, method, path, headers, signal }, resolve)
      .on('error', reject)
      .end(body)
  })
}
