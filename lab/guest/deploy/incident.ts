import type { LabMachine } from '../../host/machine.ts'
import { runOn } from '../../host/machine.ts'
import { drain } from '../../leak/full-neighbour.ts'
import { leakByStackRm } from '../../leak/stack-rm.ts'
import { waitForLine } from '../../sabotage/engine-log.ts'
import { waitOn } from '../../sabotage/wait.ts'

/** The app under test whose deploy hangs. */
export const hungApp = 'ghos-5e7a1d_ci_lab_test'

/** Of the leaks these come about as on any such host; the others are made without a container, in seconds. */
const removedStacks = 3

/**
 * n of them leak n + (n - 1) + ... + 1 addresses: 276, more than a /24 has. Those for which nothing is left on the
 * shared network itself leak nothing.
 */
const services = 23

/**
 * Shell: creates the shared network anew until its id is in the lower half, so that others come after it, which leaking
 * needs. Before anything is on it.
 */
export const recreateSharedNetwork = `for try in $(seq 50); do
  case $(docker network inspect --format '{{.Id}}' proxy) in [0-9a-h]*) break ;; esac
  docker network rm proxy > /dev/null
  systemctl reset-failed swarm-init.service # or it has been started too often, after five times
  systemctl restart swarm-init.service
done`

/**
 * The incident: stacks are removed, addresses leak until the shared network has none to give, and an app that is
 * deployed then hangs in `New`. It is on no other network, so that its waiting leaks nothing more.
 */
export async function suffer(machine: LabMachine, signal = AbortSignal.timeout(180_000)): Promise<void> {
  await leakByStackRm(machine, { stacks: removedStacks, atOnce: removedStacks, network: 'proxy', signal })
  await drain(machine, { network: 'proxy', services, signal })
  const compose = `version: '3.8'
services:
  app: { image: 'pvcheck-lab/httpd:1', networks: [proxy] }
networks:
  proxy: { external: true }
`
  await runOn(machine, `docker stack deploy --resolve-image never --compose-file - ${hungApp}`, {
    stdin: compose,
    signal,
  })
  const id = (await runOn(machine, `docker service inspect --format '{{.ID}}' ${hungApp}_app`, { signal })).trim()
  await waitForLine(machine, `Failed allocation for service ${id}.*could not find an available IP`, signal)
  await waitOn(machine, `docker service ps --no-trunc --format '{{.CurrentState}}' ${hungApp}_app | grep '^New'`, {
    what: `the task of ${hungApp} to be new`,
    signal,
  })
}
