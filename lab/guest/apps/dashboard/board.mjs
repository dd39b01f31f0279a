import { escapeHtml } from '../serve.mjs'

/** @import { Build } from '../drone/types.ts' */

/** @typedef {Pick<Build, 'number' | 'status' | 'params' | 'created'>} Run */

/** @param {Run['status']} status */
export function badgeOf(status) {
  if (status === 'success') return 'pass'
  if (['pending', 'running', 'blocked', 'waiting_on_dependencies'].includes(status)) return 'running'
  return 'fail'
}

/**
 * The latest run of each recipe, by recipe.
 * @param {readonly Run[]} runs
 */
export function latestRuns(runs) {
  /** @type {Map<string, Run>} */
  const latest = new Map()
  for (const run of runs) {
    const recipe = run.params['RECIPE']
    if (recipe !== undefined && run.number > (latest.get(recipe)?.number ?? 0)) latest.set(recipe, run)
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * @param {readonly Run[]} runs
 * @param {string} notice empty where the CI server answered
 * @param {string} now ISO
 */
export function renderBoard(runs, notice, now) {
  const rows = latestRuns(runs).map(([recipe, run]) => {
    const badge = badgeOf(run.status)
    const day = new Date(run.created * 1000).toISOString()
    return `<tr><td>${escapeHtml(recipe)}</td><td><span class="badge ${badge}">${badge}</span></td><td>#${run.number}</td><td>${day}</td></tr>`
  })
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Recipe CI dashboard</title></head>
<body>
<h1>Recipe CI dashboard</h1>
${notice === '' ? '' : `<p class="notice">${escapeHtml(notice)}</p>\n`}<table>
<tr><th>recipe</th><th>latest run</th><th>build</th><th>started</th></tr>
${rows.join('\n')}
</table>
<p>As of <time datetime="${now}">${now}</time>. Stand-in on a practice host of pvcheck.</p>
</body>
</html>
`
}
