import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { pollUntil } from '../../core/poll.ts'
import { createRedactor } from '../../core/redact.ts'
import { objectResidueChecks } from '../../judge/residue/residue-checks.ts'
import { expectationsSchema } from '../../model/expectations.ts'
import { type Objects, objectsSchema } from '../../model/facts/residue/objects.ts'
import { objectsAfter } from '../../model/facts/residue/objects-after.ts'
import { objectsBefore } from '../../model/facts/residue/objects-before.ts'
import { runDeeds } from '../../model/facts/run-deeds.ts'
import { labelsOf, nameOf } from '../../model/mark.ts'
import type { RecordBody } from '../../model/record.ts'
import { connect } from '../../reach/connect.ts'
import type { Connection } from '../../reach/target.ts'
import { createFactReader } from '../reader.ts'

const quiet = { progress: () => undefined }
const run = '20261120T121700Z-3f2a'
const marks = labelsOf({ run, owner: 'prod-1', expires: '2026-11-20T13:17:00.000Z' })
const labels = Object.entries(marks)
  .map(([name, value]) => `--label ${name}=${value}`)
  .join(' ')
const wanted = expectationsSchema.parse({ sharedNetwork: { name: 'shared' } })
const machineName = mintName('pvlab')
let machine: LabMachine
let stateDir: string
let connection: Connection

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvt-residue-'))
  machine = await labUp({ name: machineName, ...quiet })
  connection = await connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs: 15_000,
    },
    { signal: new AbortController().signal, stateDir },
  )
  await docker('network create --driver overlay --attachable shared')
  await docker('config create theirs /etc/hostname')
  await serve('web', '--network shared')
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await labDown({ which: { name: machineName }, ...quiet })
  await rm(stateDir, { recursive: true, force: true })
})

const docker = async (line: string): Promise<string> => (await runOn(machine, `docker ${line}`)).trim()

/** Tries a command until the host does it. */
async function eventually(command: string): Promise<void> {
  await pollUntil(async () => ({ done: true, value: await runOn(machine, command) }), {
    what: `\`${command}\` to succeed`,
    timeoutMs: 30_000,
    intervalMs: 500,
  })
}

/** Creates a service and waits until its task runs; its id. */
async function serve(name: string, flags: string): Promise<string> {
  const create = 'service create --quiet --detach --no-resolve-image'
  const id = await docker(`${create} --name ${name} ${flags} pvcheck-lab/httpd:1`)
  await pollUntil(
    async () => {
      const state = await docker(`service ps --format '{{.CurrentState}}' ${name}`)
      return state.startsWith('Running') ? { done: true, value: undefined } : { done: false, state }
    },
    { what: `${name} to run`, timeoutMs: 30_000 },
  )
  return id
}

type Deed = { kind: 'service' | 'network' | 'config' | 'secret'; name: string; id: string }

/** A reader as a run has it: what it answers is what evidence keeps. */
function openReader() {
  const saved: RecordBody[] = []
  const recorder = { append: async (body: RecordBody) => saved.push(body) }
  return { saved, reader: createFactReader(connection.target, recorder, createRedactor([]), wanted) }
}

const look = async (): Promise<Objects> => (await openReader().reader.read(objectsBefore)).value

/** What is found now, in the order of the checks. */
async function judgedAfter(before: Objects, deeds: readonly Deed[]) {
  const { reader, saved } = openReader()
  const kept = await reader.keep(runDeeds, { run, deeds })
  const { value: after } = await reader.read(objectsAfter)
  const facts = { deeds: kept.value, before, after }
  const findings = objectResidueChecks.flatMap((check) =>
    check.judge(facts, wanted).map((judgement) => ({ check: check.id, ...judgement })),
  )
  return { findings, saved, after }
}

const inShort = ({ check, verdict, subject }: { check: string; verdict: string; subject: string }) =>
  `${check} ${verdict} ${subject.replace(/^task .*/, 'task').replace(/[0-9a-f]{64}/, '<hex>')}`

test('a run that left nothing, while somebody else was at work', async () => {
  const before = await look()
  expect(before.settled).toBe(true)
  const names = { network: nameOf(run, 1, 'net'), service: nameOf(run, 1), config: nameOf(run, 1, 'cfg') }
  const network = await docker(`network create --driver overlay ${labels} ${names.network}`)
  const config = await docker(`config create ${labels} ${names.config} /etc/hostname`)
  const service = await serve(names.service, `${labels} --network ${names.network} --network shared --publish 28100:80`)
  const deeds: Deed[] = [
    { kind: 'network', name: names.network, id: network },
    { kind: 'config', name: names.config, id: config },
    { kind: 'service', name: names.service, id: service },
  ]
  const during = await look()
  const overlay = [`1-${network.slice(0, 10)}`, `lb_${network.slice(0, 9)}`]
  expect(during.host).toMatchObject({ kind: 'seen', namespaces: expect.arrayContaining(overlay) })
  expect(during.containers.filter(({ Labels }) => Labels?.['com.docker.swarm.service.id'] === service)).toHaveLength(1)

  await docker('service update --quiet --detach --no-resolve-image --label-add a=b web')
  await docker('service create --quiet --detach --no-resolve-image --replicas 0 --name fresh pvcheck-lab/httpd:1')
  await docker('config rm theirs')
  await docker(`service rm ${service}`)
  await pollUntil(
    async () => {
      const { tasks } = await look()
      const left = tasks.filter(({ ServiceID }) => ServiceID === service)
      return left.length === 0 ? { done: true, value: undefined } : { done: false, state: `${left.length} tasks` }
    },
    { what: 'its task to be gone', timeoutMs: 30_000 },
  )
  await docker(`network rm ${network}`)
  await docker(`config rm ${config}`)

  // Its container is not yet removed: that is waited for.
  const { findings, saved, after } = await judgedAfter(before, deeds)
  expect(findings.map(inShort)).toEqual([
    'PV-RES-001 pass the Swarm',
    `PV-RES-002 pass ${machine.name}`,
    `PV-RES-003 pass ${machine.name}`,
    'PV-RES-004 pass foreign objects',
    'PV-RES-004 pass service web',
    'PV-RES-004 pass config theirs',
    'PV-RES-004 pass service fresh',
  ])
  const [, , , , web, theirs] = findings
  expect(web).toMatchObject({
    actual: expect.stringMatching(/^its spec \(1 of its labels\) changed at .*, version \d+ to/),
  })
  expect(theirs).toMatchObject({ reason: expect.stringContaining("somebody else's doing") })
  const asked = saved.find((body) => body.kind === 'observation' && body.fact === 'objects-after')
  expect(asked).toMatchObject({ asks: expect.arrayContaining([expect.objectContaining({ answer: 200 })]) })
  // What was saved can be judged again.
  expect(objectsSchema.parse(Object(asked).raw)).toEqual(after)
})

test('each thing that is left, and each that nobody explains, is found by name', async () => {
  const before = await look()
  const names = { network: nameOf(run, 2, 'net'), service: nameOf(run, 2), gone: nameOf(run, 3, 'net') }
  const network = await docker(`network create --driver overlay --attachable ${labels} ${names.network}`)
  const gone = await docker(`network create --driver overlay ${labels} ${names.gone}`)
  await docker(`network rm ${gone}`)
  const service = await serve(names.service, `${labels} --network ${names.network}`)
  await docker(`config create ${labels} left-config /etc/hostname`)
  await docker(`secret create ${labels} left-secret /etc/hostname`)
  await docker(`volume create ${labels} left-volume`)
  await docker('volume create')
  await docker(`create --name left-container ${labels} pvcheck-lab/httpd:1`)
  await docker(`create --name guest-container --network ${names.network} pvcheck-lab/httpd:1`)
  await runOn(machine, `touch /run/docker/netns/1-${gone.slice(0, 10)}`)
  await runOn(machine, `unshare --net=/run/docker/netns/1-${gone.slice(0, 10)} true`)
  await runOn(machine, `ip link add ov-001fff-${gone.slice(0, 5)} type bridge`)
  const marked = Object.entries(marks).map(([name, value]) => `--label-add ${name}=${value}`)
  await docker(`service update --quiet --detach --no-resolve-image ${marked.join(' ')} fresh`)
  await docker(
    `service create --quiet --detach --no-resolve-image --replicas 0 --name guest --network ${names.network} pvcheck-lab/httpd:1`,
  )
  await docker('service update --quiet --detach --no-resolve-image --network-rm shared web')
  await eventually('docker network rm shared')
  // The node itself forgets it a moment later than the Swarm.
  await eventually('docker network create --driver overlay --attachable shared')

  const { findings } = await judgedAfter(before, [
    { kind: 'network', name: names.network, id: network },
    { kind: 'network', name: names.gone, id: gone },
    { kind: 'service', name: names.service, id: service },
  ])
  expect(findings.map(inShort)).toEqual(
    expect.arrayContaining([
      `PV-RES-001 fail service ${names.service}`,
      'PV-RES-001 fail service fresh',
      `PV-RES-001 fail network ${names.network}`,
      'PV-RES-001 fail config left-config',
      'PV-RES-001 fail secret left-secret',
      'PV-RES-001 fail task',
      expect.stringMatching(new RegExp(`^PV-RES-002 fail container ${names.service}\\.1\\.`)),
      'PV-RES-002 fail container left-container',
      'PV-RES-002 fail container guest-container',
      'PV-RES-002 fail volume left-volume',
      'PV-RES-002 fail volume <hex>',
      `PV-RES-003 fail namespace 1-${gone.slice(0, 10)}`,
      `PV-RES-003 fail interface ov-001fff-${gone.slice(0, 5)}`,
      'PV-RES-004 pass foreign objects',
      'PV-RES-004 fail service fresh',
      'PV-RES-004 fail network shared',
      'PV-RES-004 pass service guest',
      'PV-RES-004 fail service guest',
      'PV-RES-004 pass service web',
    ]),
  )
  expect(findings).toHaveLength(19)
  const shared = findings.find(({ subject }) => subject === 'network shared')
  expect(shared).toMatchObject({ code: 'RESIDUE_SHARED_NETWORK', actual: expect.stringMatching(/created again at/) })
})

test('where nobody can run a command on the manager, its namespaces are unknown, and nothing else is', async () => {
  const target = { ...connection.target, host: { unavailable: 'the engine is reached over tcp' } }
  const recorder = { append: async () => 1 }
  const reader = createFactReader(target, recorder, createRedactor([]), wanted)
  const { value: before } = await reader.read(objectsBefore)
  const deeds = (await reader.keep(runDeeds, { run: '20261120T121700Z-0000', deeds: [] })).value
  const { value: after } = await reader.read(objectsAfter)
  const verdicts = objectResidueChecks.flatMap((check) => check.judge({ deeds, before, after }, wanted))
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'unknown', 'pass'])
})
