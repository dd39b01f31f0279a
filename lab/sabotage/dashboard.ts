import type { LabMachine } from '../host/machine.ts'
import { removeWeb, startWeb } from './own-web.ts'
import type { Sabotage } from './sabotage.ts'

export const dashboardBehind: Sabotage = {
  name: 'dashboard-behind',
  what: "puts a cache before the dashboard, whose page still has the failure that a recipe's last run mended",
  reddens: { 'PV-CI-002': { verdict: 'fail', says: /^hedgedoc: .*fail.*#4 success.*an older run/s } },
  breaks: (machine, signal) => showInstead(machine, `row.replaceAll('pass', 'fail').replace('#4', '#2')`, signal),
  mends: removeWeb,
}

export const dashboardLacksRecipe: Sabotage = {
  name: 'dashboard-lacks-recipe',
  what: 'puts a cache before the dashboard, whose page has nothing yet of an enrolled recipe',
  reddens: { 'PV-CI-002': { verdict: 'fail', says: /^hedgedoc: .*no row/s } },
  breaks: (machine, signal) => showInstead(machine, `''`, signal),
  mends: removeWeb,
}

/** The dashboard's own page, with something else instead of the row of one recipe. */
function showInstead(machine: LabMachine, row: string, signal: AbortSignal): Promise<void> {
  const answers = `require('node:http').get('http://tasks.ccci-dashboard_app/', async (genuine) => {
  const page = (await genuine.toArray()).join('')
  answer.writeHead(200, { 'Content-Type': genuine.headers['content-type'], 'X-Pvcheck-Stand-In': 'recipe dashboard' })
  answer.end(page.split('\\n').map((row) => row.includes('<td>hedgedoc</td>') ? ${row} : row).join('\\n'))
})`
  return startWeb(machine, { name: 'cache', rule: 'Host(`ci.lab.test`)', answers }, signal)
}
