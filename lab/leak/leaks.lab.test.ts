import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../host/machine.ts'
import { ownStateHome } from '../host/testing/state-home.ts'
import { labUp } from '../lab.ts'
import { leakByFullNeighbour } from './full-neighbour.ts'
import { joinLeaked } from './leaked.ts'
import { leakByRemovedNetwork } from './removed-network.ts'
import { leakByStackRm } from './stack-rm.ts'
import { truthOf } from './truth.ts'

const state = ownStateHome()
let machine: LabMachine

beforeAll(async () => {
  machine = await labUp({ name: 'leaks', refreshMs: 500, progress: () => undefined })
}, 300_000)

afterAll(() => state.remove(), 60_000)

/** What dockerd holds afterwards, and did not hold before. */
async function lostBy(leak: () => Promise<unknown>, networks: readonly string[], signal: AbortSignal) {
  const hold = async () => {
    const held: (readonly string[])[] = []
    for (const network of networks) held.push((await truthOf(machine, network, signal)).held)
    return held
  }
  const before = await hold()
  const said = await leak()
  const after = await hold()
  const lost = networks.map((network, index) => {
    const held = before[index] ?? []
    return { [network]: after[index]?.filter((address) => !held.includes(address)) ?? [] }
  })
  return { said, lost: joinLeaked(lost) }
}

const both = ['proxy', 'ingress']

test('a removed stack leaks one address on each network that outlives it', async ({ signal }) => {
  const leak = () => leakByStackRm(machine, { stacks: 3, atOnce: 3, network: 'proxy', published: 31000, signal })
  const { said, lost } = await lostBy(leak, both, signal)
  expect(said).toEqual(lost)
  expect(lost['proxy']).toHaveLength(3)
  expect(lost['ingress']).toHaveLength(3)
}, 90_000)

test('a network removed under a service leaks one address of each task', async ({ signal }) => {
  const leak = () => leakByRemovedNetwork(machine, { replicas: 4, network: 'proxy', signal })
  const { said, lost } = await lostBy(leak, both, signal)
  expect(said).toEqual({ proxy: lost['proxy'] })
  expect(lost['proxy']).toHaveLength(4)
  expect(lost['ingress']).toEqual([])
}, 90_000)

test('a full neighbour leaks more with each service that gives up', async ({ signal }) => {
  const leaked = await leakByFullNeighbour(machine, { network: 'proxy', services: 5, signal })
  expect(leaked).toHaveLength(5 + 4 + 3 + 2 + 1)
}, 90_000)

test('nothing is left of it but the addresses', async ({ signal }) => {
  const listed = await runOn(
    machine,
    "docker service ls --format '{{.Name}}' | grep --invert-match _app; docker network ls --quiet --filter name=leaker; cat /etc/docker/daemon.json",
    { signal },
  )
  expect(JSON.parse(listed)).toEqual({ 'log-driver': 'journald' })
}, 20_000)
