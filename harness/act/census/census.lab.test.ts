import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { drain, leakByFullNeighbour } from '../../../lab/leak/full-neighbour.ts'
import type { Leaked } from '../../../lab/leak/leaked.ts'
import { leakByRemovedNetwork } from '../../../lab/leak/removed-network.ts'
import { truthOf } from '../../../lab/leak/truth.ts'
import { connect } from '../../reach/connect.ts'
import type { Connection } from '../../reach/target.ts'
import { killAll, startMain, startWorker } from '../life/testing/processes.ts'
import { objectsOn, tracesOn, untilNone } from '../life/testing/traces.ts'
import { censusOf, inUse } from './testing/lab-census.ts'

const name = mintName('pvlab')
const quiet = { progress: () => undefined }
const never = new AbortController().signal
let machine: LabMachine
let stateDir: string
let connection: Connection

const onHost = (command: string) => runOn(machine, command)
const createNetwork = (net: string, subnets: string) =>
  onHost(`docker network create --driver overlay ${subnets} ${net}`)
const reach = () =>
  connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs: 15_000,
    },
    { signal: never, stateDir },
  )
const census = (net: string, given: Parameters<typeof censusOf>[3] = {}) => censusOf(connection, stateDir, net, given)

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvt-census-'))
  machine = await labUp({ name, ...quiet })
  connection = await reach()
}, 120_000)
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await labDown({ which: { name }, ...quiet })
  await rm(stateDir, { recursive: true, force: true })
})
afterEach(async () => {
  await killAll()
  expect(await tracesOn(onHost)).toEqual([])
})

/** What dockerd itself has in use, without what the network has for its own. */
async function trulyInUse(network: string): Promise<readonly string[]> {
  const { held, reserved } = await truthOf(machine, network, never)
  return held.filter((address) => !reserved.includes(address))
}
const nothingOpen = ['config pvcheck-lock']
const service = (options: string, image = 'pvcheck-lab/busybox:1 sleep 86400') =>
  onHost(`docker service create --quiet --detach --no-resolve-image ${options} ${image}`)
/** The signature for which the host's own guard looks. */
const exhaustions = async () =>
  Number(await onHost("journalctl -u docker --no-pager | grep -c 'available IP while allocating VIP' || true"))

/** By the clock of the host: what has waited for less may yet be served. */
const untilWaitsFor2s = (name: string) =>
  `since=$(date +%s%3N -d "$(docker service inspect --format '{{json .CreatedAt}}' ${name} | tr -d '"')")
  until [ $(($(date +%s%3N) - since)) -gt 2000 ]; do sleep 0.05; done`

describe('what is there', () => {
  test.each([
    ['fresh26', '--subnet 10.77.0.0/26', 61],
    ['fresh24', '--subnet 10.77.1.0/24', 253],
    ['ranged', '--subnet 10.77.2.0/24 --ip-range 10.77.2.64/27', 31],
    ['two', '--subnet 10.77.3.0/27 --subnet 10.77.4.0/28', 42],
  ])('a fresh network names nothing, in one lap: %s', async (net, subnets, capacity) => {
    await createNetwork(net, subnets)
    const { walk, judged, open } = await census(net)
    expect(walk).toMatchObject({ ended: 'whole', laps: [{ offered: expect.any(Array) }] })
    expect(judged()).toMatchObject({
      ...{ leaked: { state: 'exact', addresses: [] }, free: { count: capacity, isExact: true } },
      ...{ transient: [], unconfirmed: [], ledger: { capacity } },
    })
    expect(walk.atOnce).toBeLessThanOrEqual(Math.max(8, capacity / 4))
    expect(walk.cost).toMatchObject({ engineCpuMs: expect.any(Number), raftGrewBytes: expect.any(Number) })
    expect(open).toEqual(nothingOpen)
    await onHost(`docker network rm ${net}`)
  })

  test('a window goes no farther than it was told to', async () => {
    await createNetwork('wide', '--subnet 10.80.0.0/16')
    const { walk, judged } = await census('wide', { window: 100 })
    expect(walk).toMatchObject({ ended: 'window', laps: [{ creates: expect.any(Number) }] })
    expect(walk.laps[0]?.creates).toBeLessThan(150)
    expect(judged().leaked).toMatchObject({ state: 'estimated', atLeast: 0 })
  })
})

describe('what has leaked', () => {
  let leaked: Leaked

  beforeAll(async () => {
    await createNetwork('leaky', '--attachable --subnet 10.78.0.0/26')
    await service('--name lives --replicas 2 --stop-grace-period 1s --network leaky')
    await onHost('docker run --detach --rm --name guest --network leaky pvcheck-lab/busybox:1 sleep 86400')
    leaked = await leakByRemovedNetwork(machine, {
      ...{ replicas: 3, network: 'leaky', publish: 31_001, signal: never },
    })
  }, 60_000)
  afterAll(() => onHost('docker rm --force guest; docker service rm lives'))

  test('is named one by one, beside tasks, VIPs and attached containers', async () => {
    const { walk, judged } = await census('leaky')
    expect(leaked['leaky']).toHaveLength(3)
    expect(judged()).toMatchObject({
      ...{ leaked: { state: 'exact', addresses: leaked['leaky'] }, transient: [], unconfirmed: [] },
    })
    expect(walk.laps).toHaveLength(2)
    expect(inUse(walk)).toEqual(await trulyInUse('leaky'))
  })

  test('so it is on ingress', async () => {
    const { walk, judged } = await census('ingress')
    expect(leaked['ingress']).toHaveLength(3)
    expect(judged().leaked).toEqual({ state: 'exact', addresses: leaked['ingress'] })
    expect(walk.laps.map(({ kind }) => kind)).toEqual(['ingress', 'ingress'])
    expect(inUse(walk)).toEqual(await trulyInUse('ingress'))
  })

  test('deploys that come and go meanwhile leave no false address', async () => {
    await createNetwork('busy', '--subnet 10.78.2.0/25')
    const leaked = await leakByFullNeighbour(machine, { network: 'busy', services: 3, signal: never })
    const deploys = onHost(`for n in 1 2 3 4; do
      docker service create --quiet --detach --no-resolve-image --name churn$n --replicas 2 --network busy pvcheck-lab/busybox:1 sleep 86400
      sleep 1; [ $n = 1 ] || docker service rm churn$((n - 1)); done`)
    const { walk, judged } = await census('busy')
    await deploys
    expect(walk.ended).toBe('whole')
    expect(leaked).toHaveLength(6)
    expect(judged().leaked).toEqual({ state: 'exact', addresses: leaked })
    await onHost('docker service rm churn4')
  })
})

describe('what is not walked', () => {
  test.each([
    ['nowhere', async () => undefined, 'NETWORK_MISSING'],
    ['docker_gwbridge', async () => undefined, 'NOT_OVERLAY'],
    [
      'overlapping',
      async () => {
        await createNetwork('first', '--subnet 10.84.0.0/16')
        await createNetwork('overlapping', '--subnet 10.84.1.0/24')
      },
      'NOT_ALLOCATED',
    ],
    ['six', () => createNetwork('six', '--ipv6 --subnet fd00:85::/64'), 'IPV6_ONLY'],
    ['heavy', () => createNetwork('heavy', '--subnet 10.85.0.0/16'), 'TOO_HEAVY'],
    ['tiny', () => createNetwork('tiny', '--subnet 10.81.0.0/29'), 'TOO_FULL'],
  ])('%s: nothing is created', async (net, prepare, code) => {
    await prepare()
    const { walk, open } = await census(net)
    expect(walk).toMatchObject({ ended: 'refused', why: { code }, laps: [], atOnce: 0 })
    expect(open).toEqual(nothingOpen)
  })

  test('a network that leaked nearly full is left alone after a first canary, quietly', async () => {
    await createNetwork('drained', '--subnet 10.81.1.0/27')
    await drain(machine, { network: 'drained', services: 6, signal: never })
    const truly = await trulyInUse('drained')
    const before = await exhaustions()
    const { walk, open } = await census('drained', { settings: { minFree: 8 } })
    expect(await exhaustions()).toBe(before)
    expect(walk.atOnce).toBeLessThanOrEqual(8)
    if (29 - truly.length < 8) expect(walk).toMatchObject({ ended: 'refused', why: { code: 'TOO_FULL' } })
    else expect(inUse(walk)).toEqual(truly)
    expect(open).toEqual(nothingOpen)
  })

  test('a full one is said to be full', async () => {
    await createNetwork('brimful', '--subnet 10.81.2.0/28')
    await service('--name brim --replicas 12 --network brimful')
    const { walk } = await census('brimful')
    expect(walk).toMatchObject({ ended: 'refused', why: { code: 'FULL' }, laps: [] })
    await onHost('docker service rm brim')
  })

  test('while a service waits on another, full network, nothing is created', async () => {
    await createNetwork('calm', '--subnet 10.81.3.0/26')
    await createNetwork('packed', '--subnet 10.81.4.0/29')
    await service('--name pack --replicas 4 --network packed')
    await service('--name waits --replicas 0 --network calm --network packed')
    await onHost(untilWaitsFor2s('waits'))
    const { walk, open } = await census('calm')
    expect(walk).toMatchObject({
      ...{ ended: 'refused', laps: [], why: { code: 'SERVICE_WAITS', seen: expect.stringContaining('waits waits') } },
    })
    expect(open).toEqual(nothingOpen)
    await onHost('docker service rm waits pack')
  })
})

describe('what breaks off', () => {
  test('a signal leaves nothing behind', async () => {
    await createNetwork('broken', '--subnet 10.82.0.0/24')
    const stop = new AbortController()
    const onProgress = ({ done = 0 }) => {
      if (done > 60) stop.abort(new Error('enough'))
    }
    const { walk, open } = await census('broken', { signal: stop.signal, onProgress })
    expect(walk).toMatchObject({ ended: 'stopped', why: { code: 'WALK_INTERRUPTED', seen: 'enough' } })
    expect(open).toEqual(nothingOpen)
    expect(await trulyInUse('broken')).toEqual([])
  })

  test('a run that is killed in the middle is swept by its janitor', { timeout: 60_000 }, async () => {
    const main = await startMain(machine.sshConfig, stateDir, 15)
    const worker = await startWorker(await main.tell('open'))
    const id = (await onHost("docker network inspect --format '{{.Id}}' broken")).trim()
    expect(await worker.tell(`walk ${id}`)).toBe('walking')
    const held = async () => (await objectsOn(onHost)).filter((object) => object.startsWith('service '))
    await expect.poll(held, { timeout: 10_000, interval: 10 }).not.toEqual([])
    await Promise.all([main.kill(), worker.kill()])
    expect(await untilNone(onHost, 50_000)).toBeLessThan(50_000)
    expect(await trulyInUse('broken')).toEqual([])
  })

  test('a service that begins to wait meanwhile stops it', async () => {
    await createNetwork('filled', '--subnet 10.82.1.0/29')
    await service('--name fill --replicas 4 --network filled')
    let isBegun = false
    const onProgress = ({ done = 0 }) => {
      if (done < 20 || isBegun) return
      isBegun = true
      service('--name late --replicas 0 --network broken --network filled').catch(() => undefined)
    }
    const { walk, open } = await census('broken', { onProgress })
    expect(walk).toMatchObject({ ended: 'stopped', why: { code: 'SERVICE_WAITS' } })
    expect(open).toEqual(nothingOpen)
    await onHost('docker service rm late fill')
  })

  test('a network that is removed meanwhile is told of', async () => {
    await createNetwork('short', '--subnet 10.82.2.0/24')
    let removing: Promise<unknown> | undefined
    const until = 'until docker network rm short >/dev/null 2>&1; do :; done'
    const onProgress = ({ done = 0 }) => {
      if (done > 20) removing ??= onHost(until)
    }
    const { walk, open } = await census('short', { onProgress })
    await removing
    expect(walk).toMatchObject({ ended: 'stopped', why: { code: 'NETWORK_REMOVED' } })
    expect(open).toEqual(nothingOpen)
  })

  test('too much growth stops it', async () => {
    await createNetwork('greedy', '--subnet 10.83.0.0/19')
    const ballast = '/var/lib/docker/swarm/raft/ballast'
    let growing: Promise<unknown> | undefined
    const onProgress = () => {
      growing ??= onHost(`fallocate --length 5M ${ballast}`)
    }
    const { walk, open } = await census('greedy', { settings: { maxRaftGrowthMiB: 4 }, onProgress })
    await growing
    await onHost(`rm ${ballast}`)
    expect(walk).toMatchObject({ ended: 'stopped', why: { code: 'RAFT_GREW' } })
    expect(open).toEqual(nothingOpen)
  })

  test('an engine that is restarted meanwhile makes it unsure, and nothing is left', async () => {
    let restarting: Promise<unknown> | undefined
    const onProgress = ({ done = 0 }) => {
      if (done > 60) restarting ??= onHost('systemctl restart docker')
    }
    const { walk, open } = await census('broken', { onProgress })
    await restarting
    expect(walk).toMatchObject({ ended: 'unsure', why: { code: 'ALLOCATOR_CHANGED' } })
    // A create whose answer was lost stays open for the sweep of the run, though nothing has come of it.
    expect(open.filter((one) => !/^service pvc-.*-vip$/.test(one))).toEqual(nothingOpen)
    expect(await tracesOn(onHost)).toEqual([])
    await connection[Symbol.asyncDispose]()
    connection = await reach()
  })
})
