import { request } from 'node:http'

/** @import { EngineNetwork, EngineService, EngineTask } from './types.ts' */

/** @typedef {{ services: EngineService[], networks: EngineNetwork[], tasks: EngineTask[] }} Listing */

/**
 * The three lists the provider polls. Tasks come in one list for all services: one request instead of one for each.
 * @param {string} socketPath
 * @returns {Promise<Listing>}
 */
export async function listEngine(socketPath) {
  const [services, networks, tasks] = await Promise.all([
    get(socketPath, '/services'),
    get(socketPath, `/networks?filters=${encodeURIComponent('{"scope":["swarm"]}')}`),
    get(socketPath, `/tasks?filters=${encodeURIComponent('{"desired-state":["running"]}')}`),
  ])
  return /** @type {Listing} */ ({ services, networks, tasks })
}

/**
 * @param {string} socketPath
 * @param {string} path
 * @returns {Promise<unknown>}
 */
function get(socketPath, path) {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, timeout: 10_000, headers: { Host: 'docker' } }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => {
        body += chunk
      })
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`GET ${path}: ${answer.statusCode} ${body.trim()}`))
        else resolve(JSON.parse(body))
      })
    })
    sent.on('timeout', () => sent.destroy(new Error(`GET ${path}: no answer within 10 s`)))
    sent.on('error', reject)
    sent.end()
  })
}
