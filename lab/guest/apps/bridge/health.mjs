/** @import { Reply } from '../serve.mjs' */

/**
 * `/healthz`: whether the last poll that went well is at most two intervals old.
 * @param {string} target path and query
 * @param {number | undefined} ageMs undefined before the first
 * @param {number} intervalMs
 * @returns {Reply}
 */
export function answerHealth(target, ageMs, intervalMs) {
  const headers = { 'Content-Type': 'text/plain' }
  if (new URL(target, 'http://bridge.internal').pathname !== '/healthz') {
    return { status: 404, headers, body: 'not found\n' }
  }
  if (ageMs === undefined) return { status: 503, headers, body: 'no poll yet\n' }
  if (ageMs <= 2 * intervalMs) return { headers, body: 'OK\n' }
  return { status: 503, headers, body: `last poll ${Math.round(ageMs / 1000)} s ago\n` }
}
