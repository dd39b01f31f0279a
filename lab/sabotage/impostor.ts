import type { LabMachine } from '../host/machine.ts'
import { removeWeb, startWeb } from './own-web.ts'
import type { Sabotage } from './sabotage.ts'

const html = `answer.setHeader('Content-Type', 'text/html; charset=utf-8')`
const page = `${html}; answer.end('<!DOCTYPE html><title>Welcome</title><div id="root"></div>')`

export const nameCaught: Sabotage = {
  name: 'name-caught',
  what: 'lets a service catch whatever no other route wants: names that nobody knows get an answer of 200',
  reddens: { 'PV-ROUTE-003': { verdict: 'fail', says: /200/ } },
  breaks: (machine, signal) =>
    startWeb(machine, { name: 'catch-all', rule: 'PathPrefix(`/`)', priority: 1, answers: page }, signal),
  mends: removeWeb,
}

export const routeLoops: Sabotage = {
  name: 'route-loops',
  what: 'has the report site lead to itself, over and over',
  reddens: {
    'PV-ROUTE-001': { verdict: 'fail', says: /^report\.ci\.lab\.test\/.*30[12]/s },
    'PV-CI-003': { verdict: 'fail', says: /30[12]/ },
  },
  breaks: (machine, signal) => {
    const answers = `answer.writeHead(302, { Location: 'https://' + asked.headers.host + asked.url }); answer.end()`
    return startWeb(machine, { name: 'turnstile', rule: 'Host(`report.ci.lab.test`)', answers }, signal)
  },
  mends: removeWeb,
}

export const routeFlaps: Sabotage = {
  name: 'route-flaps',
  what: "puts two tasks behind the CI server's front door, one of which answers wrongly",
  reddens: { 'PV-ROUTE-001': { verdict: 'fail', says: /^drone\.ci\.lab\.test\/: .*200/s } },
  breaks: (machine, signal) => {
    const answers = `if (process.env.SLOT === '1') { answer.writeHead(303, { Location: '/welcome' }); answer.end() } else { ${page} }`
    return startWeb(
      machine,
      {
        name: 'moody',
        rule: 'Host(`drone.ci.lab.test`) && Path(`/`)',
        replicas: 2,
        env: 'SLOT={{.Task.Slot}}',
        answers,
      },
      signal,
    )
  },
  mends: removeWeb,
}

export const ciPageForApi: Sabotage = {
  name: 'ci-page-for-api',
  what: "answers what is asked of the CI server's API with a page and 200; its health and its front door are as ever",
  reddens: {
    'PV-CI-001': { verdict: 'fail', says: /page/ },
    'PV-CI-002': { verdict: 'unknown', says: /builds/ },
  },
  breaks: (machine, signal) =>
    startWeb(
      machine,
      { name: 'ci-page', rule: 'Host(`drone.ci.lab.test`) && PathPrefix(`/api`)', answers: page },
      signal,
    ),
  mends: removeWeb,
}

export const routerPageForApi: Sabotage = {
  name: 'router-page-for-api',
  what: "answers what is asked of the router's API with a page and 200; its ping is as ever",
  reddens: {
    'PV-ROUTE-001': { verdict: 'fail', says: /^traefik\.ci\.lab\.test\/api\/version/ },
    'PV-ROUTE-004': { verdict: 'unknown', says: /JSON/ },
    'PV-ROUTE-005': { verdict: 'unknown', says: /JSON/ },
  },
  breaks: (machine, signal) =>
    startWeb(
      machine,
      { name: 'router-page', rule: 'Host(`traefik.ci.lab.test`) && PathPrefix(`/api`)', answers: page },
      signal,
    ),
  mends: removeWeb,
}

export const reportOld: Sabotage = {
  name: 'report-old',
  what: 'shows a page of the report site that was made a month ago',
  reddens: { 'PV-CI-003': { verdict: 'fail', says: /(30|31) days|7[12]\d h/ } },
  breaks: (machine, signal) => {
    const made = `new Date(Date.now() - 30 * 24 * 3600e3).toISOString()`
    return showReport(machine, `'<h1>Recipe CI reports</h1><time datetime="' + ${made} + '"></time>'`, signal)
  },
  mends: removeWeb,
}

export const reportEmpty: Sabotage = {
  name: 'report-empty',
  what: "shows a page of 200 under the report site's name that has nothing of it",
  reddens: {
    'PV-CI-003': { verdict: 'fail', says: /Recipe CI reports/ },
    'PV-ROUTE-001': { verdict: 'fail', says: /^report\.ci\.lab\.test\// },
  },
  breaks: (machine, signal) => showReport(machine, `'<h1>It works</h1>'`, signal),
  mends: removeWeb,
}

function showReport(machine: LabMachine, body: string, signal: AbortSignal): Promise<void> {
  const headers = `${html}; answer.setHeader('X-Pvcheck-Stand-In', 'report site')`
  const answers = `${headers}; answer.end('<!DOCTYPE html><title>Reports</title>' + ${body})`
  return startWeb(machine, { name: 'reports-front', rule: 'Host(`report.ci.lab.test`)', answers }, signal)
}
