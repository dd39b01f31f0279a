import type { LabMachine } from '../host/machine.ts'
import { reportSiteLost } from './outside.ts'
import { removeWeb, startWeb } from './own-web.ts'
import type { Sabotage } from './sabotage.ts'

const html = `answer.setHeader('Content-Type', 'text/html; charset=utf-8')`
const page = `${html}; answer.end('<!DOCTYPE html><title>Welcome</title><div id="root"></div>')`

export const routeLoops: Sabotage = {
  name: 'route-loops',
  what: 'has the report site lead to itself, over and over',
  reddens: reportSiteLost('REDIRECT_(ELSEWHERE|LOOP)', 'leads elsewhere'),
  breaks: (machine, signal) => {
    const answers = `answer.writeHead(302, { Location: 'https://' + asked.headers.host + asked.url }); answer.end()`
    return startWeb(machine, { name: 'turnstile', rule: 'Host(`report.ci.lab.test`)', answers }, signal)
  },
  mends: removeWeb,
}

export const routeFlaps: Sabotage = {
  name: 'route-flaps',
  what: "puts two tasks behind the CI server's front door, one of which answers wrongly",
  reddens: { 'PV-ROUTE-001': { verdict: 'fail', says: /^drone\.ci\.lab\.test\/: .*FLAPS/s } },
  breaks: (machine, signal) => {
    const answers = `if (process.env.SLOT === '1') { answer.writeHead(303, { Location: '/welcome', 'X-Pvcheck-Stand-In': 'drone' }); answer.end() } else { ${page} }`
    return startWeb(
      machine,
      {
        name: 'moody',
        rule: 'Host(`drone.ci.lab.test`) && Path(`/`)',
        replicas: 2,
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
    'PV-CI-001': { verdict: 'fail', says: /^(API|token): .*(its|a) page/s },
    'PV-CI-002': { verdict: 'unknown', says: /nothing to compare its badge with/ },
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
    'PV-ROUTE-004': { verdict: 'unknown', says: /only the proxy itself/ },
    'PV-ROUTE-005': { verdict: 'unknown', says: /only the proxy itself/ },
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
  reddens: { 'PV-CI-003': { verdict: 'fail', says: /^https:\/\/report\.ci\.lab\.test\/: .*nobody has made it anew/s } },
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
    'PV-CI-003': { verdict: 'fail', says: /^https:\/\/report\.ci\.lab\.test\/: .*another page/s },
    'PV-ROUTE-001': { verdict: 'fail', says: /^(http:\/\/)?report\.ci\.lab\.test\/: .*WRONG_SERVICE.*reports-front/s },
  },
  breaks: (machine, signal) => showReport(machine, `'<h1>It works</h1>'`, signal),
  mends: removeWeb,
}

function showReport(machine: LabMachine, body: string, signal: AbortSignal): Promise<void> {
  const headers = `${html}; answer.setHeader('X-Pvcheck-Stand-In', 'report site')`
  const answers = `${headers}; answer.end('<!DOCTYPE html><title>Reports</title>' + ${body})`
  return startWeb(machine, { name: 'reports-front', rule: 'Host(`report.ci.lab.test`)', answers }, signal)
}
