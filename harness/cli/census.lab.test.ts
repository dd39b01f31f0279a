import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { leaderOf } from '../../lab/host/leader.ts'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { mintName } from '../../lab/host/mint.ts'
import { readRecord } from '../../lab/host/record.ts'
import { labDown, labHeal, labSabotage, labUp } from '../../lab/lab.ts'
import { leakByRemovedNetwork } from '../../lab/leak/removed-network.ts'
import { addressesLeaked } from '../../lab/sabotage/census/leaked.ts'
import { lockName } from '../model/mark.ts'
import { newRunId } from '../record/evidence/run-id.ts'
import { packageInfo } from '../run/package-info.ts'

const { root } = packageInfo()
const name = mintName('pvlab')
const quiet = { progress: () => undefined }
let machine: LabMachine
let dir: string

const censusSchema = z.object({
  exit: z.number(),
  networks: z.array(
    z.object({
      name: z.string(),
      leaked: z.looseObject({ state: z.string(), addresses: z.array(z.string()).optional() }),
      since: z.array(z.object({ address: z.string(), notYetAt: z.string().optional() })),
    }),
  ),
  findings: z.array(z.looseObject({ check: z.string(), subject: z.string(), verdict: z.string(), actual: z.string() })),
  troubles: z.array(z.looseObject({ code: z.string() })),
})

beforeAll(async () => {
  machine = await labUp({ name, ...quiet })
  // As wide as most: nothing has leaked on it yet.
  await runOn(machine, 'docker network create --driver overlay --attachable --subnet 10.79.0.0/25 shop > /dev/null')
})
afterAll(() => labDown({ which: { name }, ...quiet }))
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pvcensus-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function start(words: readonly string[]): { readonly child: ChildProcess; readonly ran: Promise<Ran> } {
  const config = join(machine.dir, 'pvcheck.config.json')
  const args = [join(root, 'bin', 'pvcheck.js'), 'census', ...words, '--config', config, '--reports', dir]
  const env = { ...process.env, XDG_STATE_HOME: dir }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    err += String(chunk)
  })
  return { child, ran: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) }
}

async function censusOf(...words: readonly string[]) {
  const ran = await start([...words, '--json']).ran
  return { ...ran, told: censusSchema.parse(JSON.parse(ran.out)) }
}

/** All that moves when anybody creates, changes or removes a service, a network or a config. */
async function swarmNow(): Promise<string> {
  return await runOn(
    machine,
    `docker service inspect --format '{{.ID}} {{.Version.Index}}' $(docker service ls --quiet); docker config ls --quiet; docker network ls --quiet`,
  )
}

test('it only looks unless it is told to walk, and says what a walk would take', async () => {
  const before = await swarmNow()
  const { code, out, err } = await start([]).ran
  expect(code, err).toBe(2)
  expect(out).toMatch(/^ingress +10\.0\.0\.0\/24 +253 .* unknown/m)
  expect(out).toMatch(/^shop +10\.79\.0\.0\/25 +125 .* unknown/m)
  expect(out).toMatch(/--walk tells them by name: it would create .* hold at most .* no container starts/)
  expect(await swarmNow()).toBe(before)
})

test('it needs no configuration: the engine that the docker CLI would talk to, and nothing is written', async () => {
  // The socket of the practice host, seen from here.
  const leader = await leaderOf(await readRecord(machine.dir))
  const child = spawn(process.execPath, [join(root, 'bin', 'pvcheck.js'), 'census'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DOCKER_HOST: `unix:///proc/${leader}/root/run/docker.sock`, XDG_STATE_HOME: dir },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code, said).toBe(2)
  expect(said).toMatch(/^proxy +10\.10\.0\.0\/16 +65,533 /m)
  expect(await readdir(dir)).not.toContain('reports')
})

test('a walk names what has leaked, since when, and writes it for machines; a restart of nothing is needed', async () => {
  const first = await censusOf('shop', '--walk')
  expect(first.code, first.err).toBe(0)
  expect(first.told.networks).toMatchObject([{ name: 'shop', leaked: { state: 'exact', addresses: [] } }])
  const leaked = await leakByRemovedNetwork(machine, {
    ...{ replicas: 3, network: 'shop', signal: AbortSignal.timeout(60_000) },
  })
  const prom = join(dir, 'pvcheck.prom')
  const { code, told, err } = await censusOf('shop', '--walk', '--prom', prom)
  expect(code, err).toBe(1)
  const [shop] = told.networks
  expect(shop?.leaked).toMatchObject({ state: 'exact', addresses: leaked['shop'] })
  // The earlier census of this folder had none of them.
  expect(shop?.since.map(({ notYetAt }) => notYetAt)).not.toContain(undefined)
  expect(told.findings).toContainEqual(expect.objectContaining({ check: 'PV-RES-001', verdict: 'pass' }))
  const metrics = await readFile(prom, 'utf8')
  expect(metrics).toContain('pvcheck_overlay_addresses_leaked{network="shop",subnet="10.79.0.0/25",kind="exact"} 3\n')
  expect((await stat(prom)).mode & 0o777).toBe(0o644)
})

test('Ctrl-C in the middle of a walk leaves nothing', async () => {
  const before = await swarmNow()
  const { child, ran } = start(['proxy', '--walk'])
  const walking = new Promise<void>((resolve) => {
    child.stderr?.on('data', (chunk) => {
      if (/proxy: walks/.test(String(chunk))) resolve()
    })
  })
  await Promise.race([walking, ran])
  child.kill('SIGINT')
  const { code, err } = await ran
  expect(code, err).toBe(130)
  expect(err).toContain('all that the walk had created has been removed')
  expect(await swarmNow()).toBe(before)
})

test('with the lock held by somebody else it does not walk, and ends with 6', async () => {
  const label = `--label pvcheck.run=${newRunId()} --label pvcheck.owner=planted --label pvcheck.expires=${new Date(Date.now() + 3_600_000).toISOString()}`
  await runOn(machine, `echo x | docker config create ${label} ${lockName} -`)
  try {
    const before = await swarmNow()
    const { code, told } = await censusOf('shop', '--walk')
    expect(code).toBe(6)
    expect(told.troubles).toMatchObject([{ code: 'LOCK_HELD' }])
    expect(await swarmNow()).toBe(before)
  } finally {
    await runOn(machine, `docker config rm ${lockName}`)
  }
})

test('a network that is not there is told with those that are near', async () => {
  const { code, err } = await start(['shpo']).ran
  expect(code).toBe(64)
  expect(err).toContain('CENSUS_NO_NETWORK  the Swarm has no network shpo; near: shop')
})

test(`${addressesLeaked.name} turns what it is to turn`, async () => {
  const signal = AbortSignal.timeout(120_000)
  await labSabotage(machine.name, addressesLeaked.name, signal)
  try {
    const { code, told, err } = await censusOf('drained', '--walk')
    expect(code, err).toBe(1)
    for (const [check, { verdict, says }] of Object.entries(addressesLeaked.reddens)) {
      const [finding] = told.findings.filter((one) => one.check === check)
      expect(finding?.verdict).toBe(verdict)
      expect(`${finding?.subject}: ${finding?.actual}`).toMatch(says)
    }
  } finally {
    await labHeal(machine.name, addressesLeaked.name, signal)
  }
})
