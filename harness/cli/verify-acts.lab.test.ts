import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { mintName } from '../../lab/host/mint.ts'
import { labDown, labUp } from '../../lab/lab.ts'
import { findingSchema } from '../model/finding.ts'
import { lockName } from '../model/mark.ts'
import { packageInfo } from '../run/package-info.ts'

const name = mintName('pvlab')
const progress = () => undefined
const throwaway = { stacks: 3, atOnce: 3, image: 'pvcheck-lab/busybox:1', convergeSeconds: 60, leaseSeconds: 60 }

let machine: LabMachine
let work: string
/** Nothing in it but what these runs leave there. */
let temporary: string
/** The moment, by the host's clock, since which nothing is to have happened. */
let since: string

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'pvt-'))
  temporary = join(work, 'tmp')
  await mkdir(temporary)
  machine = await labUp({ name, refreshMs: 500, progress })
})
afterAll(async () => {
  await labDown({ which: { name }, progress })
  await rm(work, { recursive: true, force: true })
})
beforeEach(async () => {
  since = (await runOn(machine, 'date +%s.%N')).trim()
})

const runSchema = z.object({
  exit: z.number(),
  findings: z.array(findingSchema),
  skipped: z.array(z.object({ check: z.string(), reason: z.string() })),
  troubles: z.array(z.object({ code: z.string(), seen: z.string() })),
})

interface Ran extends z.infer<typeof runSchema> {
  readonly output: string
  readonly status: string
}

/** A configuration that acts, and asks for little else. */
async function configWith(quiet: object): Promise<string> {
  const given = z
    .looseObject({ target: z.unknown(), expect: z.looseObject({ sharedNetwork: z.unknown() }) })
    .parse(JSON.parse(await readFile(join(machine.dir, 'pvcheck.config.json'), 'utf8')))
  const { target, expect: wanted } = given
  const path = join(machine.dir, 'acts.config.json')
  const expectations = { sharedNetwork: wanted.sharedNetwork, quiet, throwaway }
  await writeFile(path, JSON.stringify({ name: 'acts', target, expect: expectations }))
  return path
}

/** Runs the command as the leader of a group; `onOutput` is told the group, and all that was printed until now. */
async function verify(
  args: readonly string[] = [],
  { quiet = {}, onOutput }: { quiet?: object; onOutput?: (group: number, text: string) => void } = {},
): Promise<Ran> {
  const bin = join(packageInfo().root, 'bin', 'pvcheck.js')
  const reports = join(work, 'reports')
  const options = ['--config', await configWith(quiet), '--reports', reports, '--json', ...args]
  const child = spawn(process.execPath, [bin, 'verify', ...options], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      VITEST: undefined,
      NODE_OPTIONS: undefined,
      TMPDIR: temporary,
      XDG_STATE_HOME: join(work, 'state'),
    },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
    onOutput?.(-(child.pid ?? 0), err)
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  const ran = runSchema.parse(JSON.parse(out === '' ? '{}' : out), { error: () => err })
  expect(ran.exit, err).toBe(code)
  const status = await readFile(join(reports, 'STATUS-pvcheck.md'), 'utf8')
  return { ...ran, output: err, status }
}

/** What the Swarm was told to create or remove since the test began. */
async function eventsOf(): Promise<readonly string[]> {
  const filters = ['service', 'network', 'config', 'secret', 'volume'].map((type) => `--filter type=${type}`).join(' ')
  const format = '{{.Type}} {{.Action}} {{.Actor.Attributes.name}}'
  const text = await runOn(
    machine,
    `docker events --since ${since} --until $(date +%s.%N) ${filters} --format '${format}'`,
  )
  return text.split('\n').filter((line) => line !== '')
}

/** Everything that a run could have left, here and there. */
async function leftovers(): Promise<readonly string[]> {
  const there = await runOn(
    machine,
    [
      "docker service ls --format 'service {{.Name}}' | grep pvc- || :",
      "docker network ls --format 'network {{.Name}}' | grep pvc- || :",
      "docker config ls --format 'config {{.Name}}'",
      "docker ps -a --format 'container {{.Names}}' | grep pvc- || :",
      "systemctl list-units --all --plain --no-legend 'pvcheck-*' | sed 's/^/unit /'",
      'ls -d /run/systemd/transient/pvcheck-* 2>/dev/null || :',
    ].join('; '),
  )
  const runs = join(work, 'state', 'pvcheck', 'runs')
  const here = existsSync(runs) ? (await readdir(runs)).map((file) => `runs/${file}`) : []
  const files = (await readdir(temporary)).map((file) => `tmp/${file}`)
  return [...there.split('\n').filter((line) => line !== ''), ...here, ...files, ...(await processesOf(work))]
}

/** Processes whose environment names the folder of these tests: the janitor's does, too. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))
  const texts = await Promise.all(
    pids.map(async (pid) => {
      const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      if (!environ.includes(`XDG_STATE_HOME=${folder}`)) return []
      return [
        `process ${pid} ${(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')}`,
      ]
    }),
  )
  return texts.flat()
}

test('a run that acts passes, and leaves nothing', async () => {
  // An engine remembers its last 256 events, and the canaries that ask for addresses make more.
  const listen = "docker events --filter type=service --filter event=create --format '{{.Actor.Attributes.name}}'"
  await runOn(machine, `systemd-run --quiet --unit=listener sh -c "${listen} > /run/created"`)
  const { exit, findings, troubles, skipped, output, status } = await verify()
  expect(exit, output).toBe(0)
  expect([troubles, skipped]).toEqual([[], []])
  const headroom = findings.filter(({ check }) => check === 'PV-HEAD-001')
  expect(headroom).toMatchObject([
    { verdict: 'pass', actual: expect.stringMatching(/^3 of 3 ran, at most \d at once; /) },
  ])
  const residue = findings.filter(({ check }) => check.startsWith('PV-RES-'))
  expect([...new Set(residue.map(({ check, verdict }) => `${check} ${verdict}`))].sort()).toEqual([
    'PV-RES-001 pass',
    'PV-RES-002 pass',
    'PV-RES-003 pass',
    'PV-RES-004 pass',
    'PV-RES-005 pass',
  ])
  expect(status).toMatch(/## What the run did\n\n[\s\S]*\*\*Created:\*\* 3 of 3 throwaway stacks; 3 ran/)
  // What it may cost was told before anything was created.
  expect(output.indexOf('PV-PRE-008')).toBeLessThan(output.indexOf('starts the process that cleans up'))
  // Beside those there are canaries, which are of no stack.
  const created = await runOn(machine, 'systemctl stop listener; cat /run/created; rm /run/created')
  expect(created.split('\n').filter((name) => name.endsWith('-web'))).toHaveLength(3)
  expect(await leftovers()).toEqual([])
})

test('Ctrl-C in mid-batch ends with 130, and leaves nothing', async () => {
  let isStopped = false
  const { exit, output } = await verify([], {
    onOutput: (group, text) => {
      if (isStopped || !/\d of 3 stacks running/.test(text)) return
      isStopped = true
      process.kill(group, 'SIGINT')
    },
  })
  expect(exit, output).toBe(130)
  expect((await eventsOf()).filter((line) => line.startsWith('service create'))).not.toEqual([])
  expect(await leftovers()).toEqual([])
})

describe('nothing is touched', () => {
  test('with --read-only', async () => {
    const { exit, findings, skipped, output } = await verify(['--read-only'])
    expect(exit, output).toBe(0)
    expect(findings.filter(({ check }) => /^PV-(PRE|HEAD|RES)-/.test(check))).toEqual([])
    expect(new Set(skipped.map(({ reason }) => reason))).toEqual(new Set(['left out: --read-only']))
    expect(skipped.map(({ check }) => check)).toContain('PV-HEAD-001')
    expect(await eventsOf()).toEqual([])
    expect(await leftovers()).toEqual([])
  })

  test('where the host is not quiet: blocked, and not even locked', async () => {
    const { exit, findings, output } = await verify([], { quiet: { units: ['docker.service'] } })
    expect(exit, output).toBe(3)
    expect(findings.filter(({ check }) => check === 'PV-HEAD-001').map(({ verdict }) => verdict)).toEqual(['blocked'])
    expect(await eventsOf()).toEqual([])
    expect(await leftovers()).toEqual([])
  })

  test('where another run holds the lock: 6, and nothing was asked', async () => {
    const expires = new Date(Date.now() + 600_000).toISOString()
    const labels = { run: '20261120T121700Z-3f2a', owner: 'somebody', expires }
    const flags = Object.entries(labels).map(([label, value]) => `--label pvcheck.${label}=${value}`)
    await runOn(machine, `echo held | docker config create ${flags.join(' ')} ${lockName} -`)
    const { exit, findings, troubles, output } = await verify()
    const events = await eventsOf()
    await runOn(machine, `docker config rm ${lockName}`)
    expect(exit, output).toBe(6)
    expect(troubles).toMatchObject([{ code: 'LOCK_HELD', seen: expect.stringContaining(labels.run) }])
    expect(findings).toEqual([])
    expect(events.filter((line) => !line.includes(lockName))).toEqual([])
    expect(await leftovers()).toEqual([])
  })
})
