import { Disposer } from '../../harness/core/disposer.ts'
import { PvcheckError } from '../../harness/core/errors.ts'
import { type LabMachine, runOn } from '../host/machine.ts'
import { waitOn } from '../sabotage/wait.ts'
import { truthOf } from './truth.ts'

export interface FullNeighbourOptions {
  readonly network: string
  /** Services that wait in vain: n of them leak n addresses, and n - 1 + ... + 1 more while one after the other goes. */
  readonly services: number
  readonly signal: AbortSignal
}

const neighbour = 'leaker-neighbour'

/** The same as `drain`; returns the addresses that are lost, by dockerd's own word. Whoever takes one meanwhile is among them. */
export async function leakByFullNeighbour(
  machine: LabMachine,
  options: FullNeighbourOptions,
): Promise<readonly string[]> {
  const { network, signal } = options
  const before = await truthOf(machine, network, signal)
  await drain(machine, options)
  const after = await truthOf(machine, network, signal)
  return after.held.filter((address) => !before.held.includes(address))
}

/**
 * Leaks addresses by the hundred in seconds, without a container: services without a task want an address of the network
 * and one of a full /29 that comes after it, get the one and not the other, and the one is lost; so it is at each retry,
 * and whatever releases an address is a retry of all. Leaves nothing that waits; dockerd's log tells of it.
 * Throws LAB_ID_SORTS_LAST where no /29 would come after it.
 */
export async function drain(machine: LabMachine, options: FullNeighbourOptions): Promise<void> {
  const { network, services, signal } = options
  await using cleanUp = new Disposer()
  cleanUp.defer(() => removeAll(machine))
  await createNeighbour(machine, network, signal)
  const create = (name: string, networks: string) =>
    `docker service create --quiet --detach --no-resolve-image --replicas 0 --label ${neighbour} --name ${name} \\
  ${networks} pvcheck-lab/busybox:1 > /dev/null`
  const fill = create(`${neighbour}-fill-$n`, `--network ${neighbour}`)
  await runOn(machine, `set -eu\nfor n in $(seq 5); do ${fill}; done`, { signal })
  await waitOn(machine, `${vips} | grep --count '${neighbour}-fill.*\\[{' | grep --line-regexp 5`, {
    what: `${neighbour} to be full`,
    signal,
  })
  const wait = create(`${neighbour}-wait-$n`, `--network ${network} --network ${neighbour}`)
  await runOn(machine, `set -eu\nfor n in $(seq ${services}); do ${wait}; done`, { signal, timeoutMs: 120_000 })
}

/** Name and VIPs of each service. */
const vips = `docker service inspect --format '{{.Spec.Name}} {{.Endpoint.VirtualIPs}}' $(docker service ls --quiet --filter label=${neighbour})`

/** A service's networks are given it in the order of their ids, so that of the full one must come last. */
async function createNeighbour(machine: LabMachine, network: string, signal: AbortSignal): Promise<void> {
  const command = `set -eu
first=$(docker network inspect --format '{{.Id}}' ${network})
for try in $(seq 200); do
  second=$(docker network create --driver overlay --subnet 10.60.0.0/29 --label ${neighbour} ${neighbour})
  [ "$(printf '%s\\n' "$first" "$second" | LC_ALL=C sort | tail -n 1)" = "$first" ] || exit 0
  docker network rm ${neighbour} > /dev/null
done
echo "the id of ${network} is $first" >&2
exit 3
`
  await runOn(machine, command, { signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new PvcheckError({
      code: 'LAB_ID_SORTS_LAST',
      seen: `no network got an id that sorts after that of ${network} in 200 tries`,
      wanted: 'a network to fill whose id sorts after it',
      remedy: `Create ${network} again while nothing is on it: it then gets another id.`,
      cause: error,
    })
  })
}

/** Those that wait first: each that goes makes the others try again. */
async function removeAll(machine: LabMachine): Promise<void> {
  const signal = AbortSignal.timeout(60_000)
  await runOn(
    machine,
    `for part in wait fill; do
  services=$(docker service ls --quiet --filter label=${neighbour} --filter name=${neighbour}-$part)
  [ -z "$services" ] || docker service rm $services
done`,
    { signal },
  )
  await waitOn(
    machine,
    `networks=$(docker network ls --quiet --filter label=${neighbour}); [ -z "$networks" ] || docker network rm $networks`,
    { what: `${neighbour} to be gone`, signal },
  )
}
