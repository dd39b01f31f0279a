import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fetchJson } from '../fetch-json.mjs'
import { serve } from '../serve.mjs'
import { answerHealth } from './health.mjs'
import { describePoll } from './poll.mjs'

/** @import { Seen } from './poll.mjs' */

const ci = process.env['CI_URL'] ?? 'http://tasks.drone_app'
const repo = process.env['REPO'] ?? 'recipe-maintainers/cc-ci'
const intervalMs = Number(process.env['POLL_INTERVAL_MS'] ?? 30_000)
const token = readFileSync(process.env['TOKEN_FILE'] ?? '/run/secrets/bridge_drone_token', 'utf8').trim()

/** @type {Seen} */
let seen = new Map()
/** @type {number | undefined} */
let polledAt
serve('comment bridge', Number(process.env['PORT'] ?? 8081), ({ url }) =>
  answerHealth(url ?? '/', polledAt === undefined ? undefined : Date.now() - polledAt, intervalMs),
)
for (;;) {
  let pauseMs = intervalMs
  const at = new Date().toISOString()
  try {
    const user = /** @type {{ login: string }} */ (await fetchJson(`${ci}/api/user`, { token }))
    const builds = /** @type {{ number: number, status: string }[]} */ (
      await fetchJson(`${ci}/api/repos/${repo}/builds?per_page=100`, { token })
    )
    const { lines, next } = describePoll(builds, seen, repo, user.login)
    seen = next
    polledAt = Date.now()
    for (const line of lines) console.log(`${at} bridge: ${line}`)
  } catch (error) {
    // The CI server may only be starting; half a minute of silence would look like a fault of ours.
    pauseMs = Math.min(intervalMs, 2000)
    console.error(`${at} bridge: poll failed: ${error instanceof Error ? error.message : error}`)
  }
  await delay(pauseMs)
}
