import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import type { SecondEngine } from '../../../lab/host/second-engine.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { waitForTasks } from '../../../lab/leak/live-task.ts'
import { truthOf } from '../../../lab/leak/truth.ts'
import { hurry, join } from '../../../lab/sabotage/other-nodes.ts'
import { waitOn } from '../../../lab/sabotage/wait.ts'
import { loadConfig } from '../../config/load.ts'
import { pollUntil } from '../../core/poll.ts'
import { type Ledger, ledgerOf } from '../../judge/address/ledger.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import { connect } from '../../reach/connect.ts'
import type { Connection } from '../../reach/target.ts'
import { readAddresses } from './read-addresses.ts'

const name = mintName('pvlab')
const still = { progress: () => undefined }
const signal = new AbortController().signal
const image = 'pvcheck-lab/busybox:1'
let machine: LabMachine
let stateDir: string
let connection: Connection

beforeAll(async () => {
  stateDir = await mkdtemp(path(tmpdir(), 'pvt-reading-'))
  machine = await labUp({ name, ...still })
  const config = await loadConfig({
    ...{ cwd: stateDir, env: process.env },
    path: path(machine.dir, 'pvcheck.config.json'),
  })
  connection = await connect(config.address, { signal, stateDir })
})
afterAll(async () => {
  await connection?.[Symbol.asyncDispose]()
  await labDown({ which: { name }, ...still })
  await rm(stateDir, { recursive: true, force: true })
})

const on = (command: string) => runOn(machine, command, { signal }).then((out) => out.trim())
const create = (options: string, command = '') =>
  on(
    `docker service create --quiet --detach --no-resolve-image --restart-condition none ${options} ${image} ${command}`,
  )
const forEver = `sh -c 'trap "" TERM; while :; do sleep 1; done'`

async function read(network: string): Promise<{ reading: AddressReading; ledger: Ledger }> {
  const reading = await readAddresses(connection.target.engine, { signal })
  const found = reading.networks.find(({ Name, Scope }) => Name === network && Scope === 'swarm')
  if (found === undefined) throw new Error(`no overlay ${network}`)
  return { reading, ledger: ledgerOf(reading, found) }
}

/** What the allocator has given away beside the network's own addresses, and what the ledger says of it. */
async function both(network: string) {
  const { held, reserved } = await truthOf(machine, network, signal)
  const { ledger } = await read(network)
  const own = new Set(reserved)
  return { given: held.filter((address) => !own.has(address)).sort(), ledger }
}

const addressesOf = ({ holders }: Ledger) => holders.flatMap(({ address }) => address ?? []).sort()
const unread = ({ holders }: Ledger) => holders.filter(({ address }) => address === undefined)
const named = ({ holders }: Ledger, kind: string) => holders.filter((holder) => holder.kind === kind)

describe('on one node', () => {
  let stopping: string

  beforeAll(async () => {
    await on('docker network create -d overlay --attachable --subnet 10.210.0.0/26 --gateway 10.210.0.9 held')
    await create('--name idle --replicas 0 --network held')
    const running = await create('--name runs --replicas 2 --network held --publish 18080:80', 'sleep 3600')
    const plain = await create('--name plain --endpoint-mode dnsrr --network held', 'sleep 3600')
    const nowhere = '--endpoint-mode dnsrr --replicas 3 --constraint node.labels.none==here'
    await create(`--name nowhere ${nowhere} --network held`)
    await create('--name over --network held', 'true')
    stopping = await create('--name stopping --stop-grace-period 10m --network held', forEver)
    await on(`docker run --detach --name joined --network held ${image} sleep 3600`)
    await on(`docker run --detach --name chosen --network held --ip 10.210.0.40 ${image} sleep 3600`)
    await waitForTasks(machine, running, { running: 2, signal })
    await waitForTasks(machine, plain, { running: 1, signal })
    await waitForTasks(machine, stopping, { running: 1, signal })
    await waitOn(machine, `docker service ps over --format '{{.CurrentState}}' | grep Complete`, {
      ...{ what: 'the task to have ended', signal },
    })
    await on('docker service rm stopping')
  })

  test('every address that the allocator has given away has its holder, and no other one has', async () => {
    const { given, ledger } = await both('held')
    expect(addressesOf(ledger)).toEqual(given)
    expect(unread(ledger)).toEqual([])
    expect(ledger).toMatchObject({
      ...{ capacity: 61, reserved: 3, engine: undefined },
      ...{ tally: { vip: 3, task: 7, attached: 2, balancer: 1 }, held: 13, free: 48 },
    })
    expect(
      named(ledger, 'vip')
        .map(({ who }) => who.replace('the VIP of ', ''))
        .sort(),
    ).toEqual(['idle', 'over', 'runs'])
    expect(named(ledger, 'balancer')[0]?.who).toBe(`the load balancer of node ${machine.name}`)
  })

  test('a task that stops holds its address until it has stopped', async () => {
    const { ledger } = await read('held')
    const held = ledger.holders.filter(({ note }) => note !== undefined)
    expect(held.map(({ who, note }) => [who.replace(/\w{25}/, 'ID'), note])).toEqual([
      ['task ID of a removed service', 'until it has stopped'],
    ])
    await on('docker kill $(docker ps --quiet --filter name=stopping)')
    await waitForTasks(machine, stopping, { running: 0, signal })
    const after = await both('held')
    expect(addressesOf(after.ledger)).toEqual(after.given)
    expect(after.given).not.toContain(held[0]?.address)
  })

  test('on ingress, too', async () => {
    const { given, ledger } = await both('ingress')
    expect(addressesOf(ledger)).toEqual(given)
    expect(ledger).toMatchObject({ tally: { vip: 1, task: 2, attached: 0, balancer: 1 } })
  })

  test('on the shared network, and on one that nobody of this node uses', async () => {
    await on('docker network create -d overlay --subnet 10.211.0.0/28 lone')
    await create('--name lonely --replicas 0 --network lone')
    for (const network of ['proxy', 'lone']) {
      const { given, ledger } = await both(network)
      expect(addressesOf(ledger)).toEqual(given)
    }
  })

  test('with a range, only what lies in it counts', async () => {
    await on('docker network create -d overlay --attachable --subnet 10.212.0.0/24 --ip-range 10.212.0.64/30 ranged')
    for (const index of [1, 2, 3, 4]) await create(`--name ranged-${index} --replicas 0 --network ranged`)
    await pollUntil<true>(
      async () => {
        const { tally } = (await read('ranged')).ledger
        return tally.vip === 3 ? { done: true, value: true } : { done: false, state: `${tally.vip} VIPs` }
      },
      { what: 'three of four services to be served', timeoutMs: 20_000, signal },
    )
    expect((await read('ranged')).ledger).toMatchObject({ capacity: 3, held: 3, free: 0, percent: 100 })
    await on('docker service rm ranged-1 ranged-2 ranged-3 ranged-4')
  })

  test('an overlay with IPv6 alone has no capacity, and is not full', async () => {
    await on('docker network create -d overlay --ipv6 --subnet fd77::/64 six')
    await create('--name on-six --replicas 0 --network six')
    expect((await read('six')).ledger).toMatchObject({ capacity: 0, percent: undefined })
  })
})

describe('with a second node', () => {
  let second: SecondEngine

  beforeAll(async () => {
    await hurry(machine, signal)
    second = await join(machine, 'second', 'worker', signal)
    await create(`--name far --network held --constraint node.role==worker --replicas 0`, 'sleep 3600')
    const there = `docker -H unix://${second.socketPath}`
    await on(`docker save ${image} | ${there} load && ${there} run --detach --network held ${image} sleep 3600`)
  })

  test('its containers are named, and its load balancers counted', async () => {
    const { given, ledger } = await both('held')
    expect(unread(ledger)).toMatchObject([{ kind: 'balancer', who: 'the load balancer of node second' }])
    expect(given).toEqual(expect.arrayContaining(addressesOf(ledger)))
    expect(ledger.held).toBe(given.length)
    const ingress = await both('ingress')
    expect(unread(ingress.ledger)).toHaveLength(1)
    expect(ingress.ledger.held).toBe(ingress.given.length)
  })

  test('when it is down, it holds all of that for up to 24 h', async () => {
    const before = await read('held')
    await second.kill()
    await waitOn(machine, `docker node ls --format '{{.Hostname}} {{.Status}}' | grep '^second Down'`, {
      ...{ what: 'the second node to be down', signal },
    })
    const { given, ledger } = await both('held')
    expect(ledger.held).toBe(given.length)
    expect(ledger.held).toBe(before.ledger.held)
    expect(
      named(ledger, 'attached').filter(({ note }) => /^until second, which is down.*\(24 h\)/.test(note ?? '')),
    ).toHaveLength(1)
    const ingress = await both('ingress')
    expect(ingress.ledger.held).toBe(ingress.given.length)
  })
})
