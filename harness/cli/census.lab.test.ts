import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { leaderOf } from '../../lab/host/leader.ts'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { mintName } from '../../lab/host/mint.ts'
import { readRecord } from '../../lab/host/record.ts'
import { removeSecondEngine, startSecondEngine } from '../../lab/host/second-engine.ts'
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

const create = 'docker network create --driver overlay > /dev/null'
/** One that is as wide as most, one that takes seconds to walk, and two of which there is nothing to walk. */
const networks = [
  `${create} --attachable --subnet 10.79.0.0/25 shop`,
  `${create} --subnet 10.96.0.0/20 wide`,
  `${create} --ipv6 --subnet fd00:97::/64 six`,
  `${create} --subnet 10.97.1.0/29 tiny`,
]
/** These are found to be wanting without a walk, too: so they are there for one test. */
const wanting = [
  `${create} --subnet 10.96.1.0/24 overlapping`,
  `${create} --subnet 10.97.2.0/29 brimful`,
  'for n in 1 2 3 4 5; do docker service create --quiet --detach --no-resolve-image --replicas 0 --name brim$n --network brimful pvcheck-lab/busybox:1 > /dev/null; done',
]

const censusSchema = z.object({
  exit: z.number(),
  walked: z.boolean().nullable(),
  networks: z
    .array(
      z.object({
        name: z.string(),
        capacity: z.number(),
        walk: z.looseObject({ ended: z.string(), laps: z.number() }).nullable(),
        leaked: z.looseObject({ state: z.string(), addresses: z.array(z.string()).optional() }),
        since: z.array(z.object({ address: z.string(), notYetAt: z.string().optional() })),
        refusal: z.looseObject({ code: z.string() }).nullable(),
      }),
    )
    .nullable(),
  findings: z.array(z.looseObject({ check: z.string(), subject: z.string(), verdict: z.string(), actual: z.string() })),
  troubles: z.array(z.looseObject({ code: z.string() })),
})

beforeAll(async () => {
  machine = await labUp({ name, ...quiet })
  await runOn(machine, ['set -eu', ...networks].join('\n'))
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

function start(
  words: readonly string[],
  change: NodeJS.ProcessEnv = {},
): { readonly child: ChildProcess; readonly ran: Promise<Ran> } {
  // Without a configuration, the engine that the docker CLI would talk to.
  const own = 'DOCKER_HOST' in change
  const config = own ? [] : ['--config', join(machine.dir, 'pvcheck.config.json'), '--reports', dir]
  const args = [join(root, 'bin', 'pvcheck.js'), 'census', ...words, ...config]
  const env = { ...process.env, XDG_STATE_HOME: dir, ...change }
  const child = spawn(process.execPath, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], env })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    err += String(chunk)
  })
  return { child, ran: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) }
}

/** A socket of the practice host, seen from here. */
async function socketOf(path: string): Promise<NodeJS.ProcessEnv> {
  return { DOCKER_HOST: `unix:///proc/${await leaderOf(await readRecord(machine.dir))}/root${path}` }
}

/** Starts a census, and does something as soon as it walks over the first addresses. */
async function amidst(words: readonly string[], does: (child: ChildProcess) => unknown): Promise<Ran> {
  const { child, ran } = start(words)
  const walking = new Promise<boolean>((resolve) => {
    child.stderr?.on('data', (chunk) => {
      if (/: walks/.test(String(chunk))) resolve(true)
    })
  })
  const walks = await Promise.race([walking, ran.then(() => false)])
  if (walks) await does(child)
  return ran
}

/** The samples that are left of a file that had some, by name. */
async function samplesIn(path: string): Promise<readonly string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}

/** As an earlier census may have left it. */
const earlier = 'pvcheck_overlay_addresses_leaked{network="wide",subnet="10.96.0.0/20",kind="exact"} 0\n'

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

/** What is there, by id: a dockerd that begins anew gives every service another version. */
async function namesNow(): Promise<string> {
  return await runOn(
    machine,
    'docker service ls --quiet | sort; docker config ls --quiet; docker network ls --quiet --filter driver=overlay | sort',
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
  const { code, out, err } = await start([], await socketOf('/run/docker.sock')).ran
  const said = out + err
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
  const [shop] = told.networks ?? []
  expect(shop?.leaked).toMatchObject({ state: 'exact', addresses: leaked['shop'] })
  // The earlier census of this folder had none of them.
  expect(shop?.since.map(({ notYetAt }) => notYetAt)).not.toContain(undefined)
  expect(told.findings).toContainEqual(expect.objectContaining({ check: 'PV-RES-001', verdict: 'pass' }))
  const metrics = await readFile(prom, 'utf8')
  expect(metrics).toContain('pvcheck_overlay_addresses_leaked{network="shop",subnet="10.79.0.0/25",kind="exact"} 3\n')
  expect((await stat(prom)).mode & 0o777).toBe(0o644)
})

test('Ctrl-C in the middle of a walk leaves nothing, and no figure that was not measured', async () => {
  const before = await swarmNow()
  const prom = join(dir, 'pvcheck.prom')
  await writeFile(prom, earlier)
  const { code, out, err } = await amidst(['wide', '--walk', '--json', '--prom', prom], (child) => child.kill('SIGINT'))
  expect(code, err).toBe(130)
  expect(err).toContain('all that the walk had created has been removed')
  expect(censusSchema.parse(JSON.parse(out))).toMatchObject({ exit: 130, walked: null, networks: null })
  expect(await samplesIn(prom)).toEqual(['pvcheck_census_exit_code 130'])
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

test.each([
  ['shpo', 'the Swarm has no network shpo; near: shop'],
  ['docker_gwbridge', 'is no overlay: its driver is bridge, its scope local'],
])('%s is told for what it is', async (word, says) => {
  const { code, err } = await start([word, '--walk']).ran
  expect(code).toBe(64)
  expect(err).toContain('CENSUS_NO_NETWORK')
  expect(err).toContain(says)
})

test('what cannot be walked is told one by one, and nothing is created', async () => {
  await runOn(machine, ['set -eu', ...wanting].join('\n'))
  const before = await swarmNow()
  const prom = join(dir, 'pvcheck.prom')
  const words = ['six', 'tiny', 'brimful', 'overlapping']
  const { code, told, err } = await censusOf(...words, '--walk', '--prom', prom)
  expect(code, err).toBe(1)
  expect(told.walked).toBe(false)
  const codes = told.networks?.map(({ name, walk, leaked, refusal }) => [
    ...[name, refusal?.code, walk?.ended, walk?.laps, leaked.state],
  ])
  expect(codes?.sort()).toEqual([
    ['brimful', 'FULL', 'refused', 0, 'unknown'],
    ['overlapping', 'NOT_ALLOCATED', 'refused', 0, 'unknown'],
    ['six', 'IPV6_ONLY', 'refused', 0, 'unknown'],
    ['tiny', 'TOO_FULL', 'refused', 0, 'unknown'],
  ])
  const verdicts = told.findings.map(({ check, subject, verdict }) => [check, subject, verdict])
  for (const one of [
    ['PV-ADR-001', 'overlapping', 'fail'],
    ['PV-ADR-001', 'tiny', 'blocked'],
    ['PV-ADR-001', 'brimful', 'blocked'],
    ['PV-ADR-002', 'brimful', 'fail'],
    ['PV-ADR-001', 'six', 'n/a'],
  ])
    expect(verdicts).toContainEqual(one)
  const samples = await samplesIn(prom)
  expect(
    samples.filter((line) => /leaked|days_left|network="(?:six|overlapping)".*(?:capacity|free)/.test(line)),
  ).toEqual([])
  expect(samples).toContain('pvcheck_census_exit_code 1')
  expect(await swarmNow()).toBe(before)
  await runOn(machine, 'docker service rm brim1 brim2 brim3 brim4 brim5; docker network rm brimful overlapping')
})

test('one of IPv6 alone has nothing to judge', async () => {
  const { code, out } = await start(['six']).ran
  expect(code).toBe(5)
  expect(out).toMatch(/six \(\w{12}\) has no IPv4 subnet, only fd00:97::\/64/)
})

test('the socket of a worker is told, with the manager that it knows', { timeout: 60_000 }, async () => {
  const second = await startSecondEngine(machine)
  try {
    await second.join('worker')
    const { code, out, err } = await start(['--walk', '--json', '--reports', dir], await socketOf(second.socketPath))
      .ran
    expect(code, err).toBe(3)
    expect(censusSchema.parse(JSON.parse(out))).toMatchObject({
      networks: null,
      troubles: [{ code: 'REACH_NOT_MANAGER' }],
    })
    expect(err).toContain(`${machine.address}:2377`)
  } finally {
    await runOn(machine, removeSecondEngine('second'))
    await runOn(machine, 'docker node rm --force second')
  }
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

test('a dockerd that is started again in mid-walk leaves nothing, and no number', { timeout: 90_000 }, async () => {
  const before = await namesNow()
  const prom = join(dir, 'pvcheck.prom')
  await writeFile(prom, earlier)
  const { code, out, err } = await amidst(['wide', '--walk', '--json', '--prom', prom], () =>
    runOn(machine, 'systemctl restart docker'),
  )
  expect(code, err).toBe(2)
  const told = censusSchema.parse(JSON.parse(out))
  expect(told.networks).toMatchObject([
    { name: 'wide', leaked: { state: 'unknown' }, walk: { ended: 'unsure' }, refusal: { code: 'ALLOCATOR_CHANGED' } },
  ])
  const samples = await samplesIn(prom)
  expect(samples.filter((line) => /leaked|kind="exact"/.test(line))).toEqual([])
  expect(samples).toContain('pvcheck_census_exit_code 2')
  expect(await namesNow()).toBe(before)
})

test('a network that is removed in mid-walk is told of', { timeout: 60_000 }, async () => {
  const { code, out, err } = await amidst(['wide', '--walk', '--json'], () =>
    runOn(machine, 'until docker network rm wide > /dev/null 2>&1; do :; done'),
  )
  expect(code, err).toBe(2)
  expect(censusSchema.parse(JSON.parse(out)).networks).toMatchObject([
    { name: 'wide', leaked: { state: 'unknown' }, refusal: { code: 'NETWORK_GONE' } },
  ])
  expect(await swarmNow()).not.toMatch(/pvc-|pvcheck/)
})
