import { request } from 'node:http'

/**
 * GETs JSON over plain HTTP. Throws on anything but 200, and when no whole answer came within the time.
 * @param {string} url
 * @param {{ token?: string, timeoutMs?: number }} options
 * @returns {Promise<unknown>}
 */
export function fetchJson(url, { token, timeoutMs = 2000 } = {}) {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, signal: AbortSignal.timeout(timeoutMs) }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => {
        body += chunk
      })
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`))
        else resolve(JSON.parse(body))
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}
