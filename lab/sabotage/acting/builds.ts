import { type LabMachine, runOn } from '../../host/machine.ts'
import { removeWeb, startWeb } from '../own-web.ts'
import { blocking } from './acting-sabotage.ts'

const builds = 'https://drone.ci.lab.test/api/repos/recipe-maintainers/cc-ci/builds'

export const buildRunning = blocking({
  name: 'build-running',
  what: 'starts a build on the CI server; nothing of it is deployed yet',
  reddens: { 'PV-PRE-003': { verdict: 'blocked', says: /^recipe-maintainers\/cc-ci: .*#\d+ pending/s } },
  breaks: async (machine, signal) => {
    if ((await activeBuild(machine, signal)) === '')
      await ask(machine, `-X POST '${builds}?branch=main&RECIPE=ghost&PR=0'`, signal)
  },
  mends: async (machine, signal) => {
    const number = await activeBuild(machine, signal)
    if (number !== '') await ask(machine, `-X DELETE ${builds}/${number}`, signal)
  },
})

export const buildsUntold = blocking({
  name: 'builds-untold',
  what: 'lets the API of the CI server turn everybody away: whether a build is active cannot be asked',
  reddens: {
    'PV-PRE-003': { verdict: 'unknown', says: /401/ },
    'PV-CI-001': { verdict: 'fail', says: /401/ },
  },
  exit: 'failed',
  breaks: (machine, signal) =>
    startWeb(
      machine,
      {
        name: 'doorman',
        rule: 'Host(`drone.ci.lab.test`) && PathPrefix(`/api`)',
        answers: `answer.writeHead(401, { 'Content-Type': 'application/json' }); answer.end('{"message":"Unauthorized"}')`,
      },
      signal,
    ),
  mends: removeWeb,
})

/** On the host itself, which knows the names of its routes. */
function ask(machine: LabMachine, args: string, signal: AbortSignal): Promise<string> {
  const token = '"Authorization: Bearer $(cat /run/secrets/bridge_drone_token)"'
  const ca = '/srv/lab/caddy-data/caddy/pki/authorities/local/root.crt'
  return runOn(machine, `curl --silent --show-error --fail --cacert ${ca} --header ${token} ${args}`, { signal })
}

/** The number of the newest build, where it has not ended; else empty. */
async function activeBuild(machine: LabMachine, signal: AbortSignal): Promise<string> {
  const newest = await ask(machine, `${builds}/latest`, signal)
  const { number, status } = JSON.parse(newest) as { number: number; status: string }
  return status === 'pending' ? String(number) : ''
}
