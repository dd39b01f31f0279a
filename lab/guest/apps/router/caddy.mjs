import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'

/** @import { ChildProcess } from 'node:child_process' */
/** @import { Paths } from './caddy-config.mjs' */

/**
 * Starts Caddy with a first configuration. It lives as long as this process wants it to: `onExit` hears of anything else.
 * @param {object} config
 * @param {Paths & { caddy: string }} paths
 * @param {(reason: string) => void} onExit
 * @returns {Promise<ChildProcess>}
 */
export async function startCaddy(config, paths, onExit) {
  // What a killed predecessor left would make the new one fail with "address already in use".
  await rm(paths.adminSocket, { force: true })
  const file = `${paths.adminSocket}.boot.json`
  await writeFile(file, JSON.stringify(config))
  const child = spawn(paths.caddy, ['run', '--config', file], { stdio: ['ignore', 'inherit', 'inherit'] })
  child.on('error', (error) => onExit(error.message))
  child.on('exit', (code, signal) => onExit(`caddy ended with ${signal ?? code}`))
  return child
}

/**
 * Replaces Caddy's whole configuration. Throws with Caddy's own words when it refuses.
 * @param {object} config
 * @param {Paths} paths
 * @returns {Promise<void>}
 */
export function loadConfig(config, paths) {
  const body = JSON.stringify(config)
  const headers = { Host: 'localhost', 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath: paths.adminSocket, path: '/load', method: 'POST', headers, timeout: 5000 },
      (answer) => {
        let said = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk) => {
          said += chunk
        })
        answer.on('error', reject)
        answer.on('end', () =>
          answer.statusCode === 200
            ? resolve()
            : reject(new Error(`caddy refused its configuration: ${answer.statusCode} ${said}`)),
        )
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('caddy did not answer within 5 s')))
    sent.on('error', reject)
    sent.end(body)
  })
}
