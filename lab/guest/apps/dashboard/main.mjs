import { fetchJson } from '../fetch-json.mjs'
import { serve } from '../serve.mjs'
import { renderBoard } from './board.mjs'

/** @import { Run } from './board.mjs' */

const ci = process.env['CI_URL'] ?? 'http://tasks.drone_app'
const repo = process.env['REPO'] ?? 'recipe-maintainers/cc-ci'

// Shorter than who asks for the page waits: without the CI server there is still a page.
const patience = { timeoutMs: 1000 }

serve('recipe dashboard', Number(process.env['PORT'] ?? 80), async ({ url }) => {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' }
  if (new URL(url ?? '/', 'http://dashboard.internal').pathname !== '/')
    return { status: 404, headers, body: 'no such page\n' }
  const now = new Date().toISOString()
  try {
    const runs = /** @type {Run[]} */ (await fetchJson(`${ci}/api/repos/${repo}/builds?per_page=100`, patience))
    return { headers, body: renderBoard(runs, '', now) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { headers, body: renderBoard([], `The CI server could not be read: ${reason}`, now) }
  }
})
