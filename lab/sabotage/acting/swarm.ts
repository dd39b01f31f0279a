import { type LabMachine, runOn } from '../../host/machine.ts'
import { ingressCrowded } from '../crowd.ts'
import { serviceWaits } from '../exhaustion.ts'
import { createService, removeAll } from '../own-objects.ts'
import { waitForLiveTasks } from '../task.ts'
import { blocking } from './acting-sabotage.ts'

const runApp = 'ghos-1a2b3c_ci_lab_test'

export const runAppLive = blocking({
  name: 'run-app-live',
  what: 'has a recipe under test: its app is deployed, and whoever deployed it will take it down',
  reddens: { 'PV-PRE-004': { verdict: 'blocked', says: new RegExp(`^${runApp}: .*${runApp}_app`, 's') } },
  breaks: async (machine, signal) => {
    const label = `--label com.docker.stack.namespace=${runApp} --container-label com.docker.stack.namespace=${runApp}`
    await createService(machine, `${runApp}_app`, label, signal)
    await waitForState(machine, runApp, 'running', signal)
  },
  mends: removeAll,
})

export const serviceConverging = blocking({
  name: 'service-converging',
  what: 'deploys a service whose task finds no node',
  reddens: { 'PV-PRE-005': { verdict: 'blocked', says: /^homeless: .*0 of 1 task running/s } },
  breaks: async (machine, signal) => {
    await createService(machine, 'homeless', '--constraint node.labels.nowhere==true', signal)
    await waitForState(machine, '', 'pending', signal)
  },
  mends: removeAll,
})

export const taskStopping = blocking({
  name: 'task-stopping',
  what: 'removes a service whose task has an hour to end, and takes it',
  reddens: { 'PV-PRE-006': { verdict: 'blocked', says: /\w+ of a removed service in running/ } },
  breaks: async (machine, signal) => {
    const command = `docker service create --quiet --detach --no-resolve-image --name stubborn \\
  --stop-grace-period 1h pvcheck-lab/busybox:1 sleep 86400`
    await runOn(machine, `[ -n "$(${stubborn})" ] || ${command}`, { signal })
    await waitForState(machine, '', 'running', signal)
    await runOn(machine, 'docker service rm stubborn 2>/dev/null || true', { signal })
  },
  mends: async (machine, signal) => {
    await runOn(machine, `left=$(${stubborn}); [ -z "$left" ] || docker kill $left`, { signal })
    await waitForLiveTasks(machine, {
      what: 'the stubborn task to have ended',
      wanted: (live) => live.every(({ stack }) => stack !== ''),
      signal,
    })
  },
})

const stubborn = 'docker ps --quiet --filter label=com.docker.swarm.service.name=stubborn'

export const waitingElsewhere = blocking({
  name: 'waiting-elsewhere',
  what: `${serviceWaits.what}: each task that ends anywhere would leak one address more`,
  reddens: {
    'PV-PRE-007': { verdict: 'blocked', says: /^waits: .*no VIP on tiny/s },
    'PV-PRE-005': { verdict: 'blocked', says: /^waits: .*0 of 1 task running/s },
    ...serviceWaits.reddens,
  },
  // Who waits is a fault of the host, too.
  exit: 'failed',
  breaks: serviceWaits.breaks,
  mends: serviceWaits.mends,
})

export const ingressFull = blocking({
  name: 'ingress-full',
  what: ingressCrowded.what,
  reddens: {
    'PV-PRE-008': { verdict: 'blocked', says: /ingress/ },
    'PV-PRE-005': { verdict: 'blocked', says: /^crowd: .*0 of 240 tasks running/s },
    ...ingressCrowded.reddens,
  },
  exit: 'failed',
  breaks: ingressCrowded.breaks,
  mends: ingressCrowded.mends,
})

async function waitForState(machine: LabMachine, ofStack: string, wanted: string, signal: AbortSignal): Promise<void> {
  await waitForLiveTasks(machine, {
    what: `the task to be ${wanted}`,
    wanted: (live) => live.some(({ stack, state }) => stack === ofStack && state === wanted),
    signal,
  })
}
