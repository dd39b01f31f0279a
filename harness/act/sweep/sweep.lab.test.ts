import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { lower } from '../../../lab/host/down.ts'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { bareGuest } from '../../../lab/host/testing/bare-guest.ts'
import { raise } from '../../../lab/host/up.ts'
import { labelsOf, lockName, type Mark, nameOf } from '../../model/mark.ts'
import { attachWriter } from '../../reach/attach-writer.ts'
import { connect } from '../../reach/connect.ts'
import type { ObjectSpec } from '../../reach/engine/writer.ts'
import type { Connection } from '../../reach/target.ts'
import { newRunId } from '../../record/evidence/run-id.ts'
import { armTimer } from '../janitor/host-timer.ts'
import { type IntentLine, intentsPath, runsDir } from '../mark/intent-line.ts'
import { processIdOf } from '../mark/process-id.ts'
import { listRuns } from '../mark/read-intents.ts'
import type { SweepReport } from './report.ts'
import { sweepDead } from './sweep-dead.ts'
import { sweepRun } from './sweep-run.ts'

const quiet = { progress: () => undefined }
const never = new AbortController().signal
const longAgo = '2026-01-01T00:00:00.000Z'
const soon = (): string => new Date(Date.now() + 3_600_000).toISOString()
let machine: LabMachine
let stateDir: string
let connection: Connection

beforeAll(async () => {
  machine = await raise(quiet, { guest: bareGuest })
  stateDir = await mkdtemp(join(tmpdir(), 'pvs-'))
  connection = await connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs: 10_000,
    },
    { signal: never, stateDir },
  )
}, 60_000)
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await rm(stateDir, { recursive: true, force: true })
  await lower({ which: { name: machine.name }, ...quiet })
}, 30_000)
afterEach(async () => {
  await rm(runsDir(stateDir), { recursive: true, force: true })
  await runOn(
    machine,
    `docker service ls -q | xargs -r docker service rm; docker ps -aq | xargs -r docker rm -f; sleep 0.3
     for kind in network config secret; do
       docker $kind ls --format '{{.Name}}' | grep -E '^(pvc|pvcheck|other)-' | xargs -r docker $kind rm
     done; docker volume ls -q | xargs -r docker volume rm`,
  )
})

const sweep = (said: string[] = []): Promise<SweepReport> =>
  sweepDead(connection, { stateDir, signal: never, onProgress: (what) => said.push(what) })

const markOf = (run: string, expires: string): Mark => ({ run, owner: 'planted', expires })

async function create(kind: 'Service' | 'Network' | 'Config' | 'Secret', spec: ObjectSpec): Promise<string> {
  const { status, body } = await attachWriter(connection.handle)[`create${kind}`](spec)
  expect([status, body]).toEqual([201, expect.anything()])
  return String(Object(body).ID ?? Object(body).Id)
}

const data = Buffer.from('x').toString('base64')
const overlay = { Driver: 'overlay', Attachable: true, CheckDuplicate: true }

function serviceSpec(Name: string, Labels: object, on: readonly string[] = []): ObjectSpec {
  return {
    ...{ Name, Labels, Mode: { Replicated: { Replicas: 0 } } },
    TaskTemplate: { ContainerSpec: { Image: '127.0.0.1:1/none:1' }, Networks: on.map((Target) => ({ Target })) },
  }
}

/** A stack of each kind of object, as a run leaves it; returns what it says of them. */
async function plant(run: string, expires: string, number = 1): Promise<string[]> {
  const Name = nameOf(run, number)
  const Labels = labelsOf(markOf(run, expires))
  await create('Network', { Name, Labels, ...overlay })
  await create('Service', serviceSpec(Name, Labels, [Name]))
  await create('Config', { Name, Labels, Data: data })
  await create('Secret', { Name, Labels, Data: data })
  return ['service', 'network', 'config', 'secret'].map((kind) => `${kind} ${Name}`)
}

async function plantLock(run: string, expires: string): Promise<void> {
  await create('Config', { Name: lockName, Labels: labelsOf(markOf(run, expires)), Data: data })
}

/** The file of a run whose process is no more: the pid is this one's, and the process that had it began earlier. */
async function plantFile(run: string, cluster: string, lines: readonly object[] = [], isGone = true): Promise<void> {
  const here = await processIdOf()
  if (here === undefined) throw new Error('no process ids here')
  const process = { ...here, startTicks: here.startTicks - (isGone ? 1 : 0) }
  const at = new Date().toISOString()
  const header: IntentLine = { line: 'run', at, run, owner: 'planted', cluster, process }
  await mkdir(runsDir(stateDir), { recursive: true })
  const text = [header, ...lines.map((line) => ({ at, ...line }))].map((line) => `${JSON.stringify(line)}\n`).join('')
  await writeFile(intentsPath(stateDir, run), text)
}

async function there(): Promise<string[]> {
  const kinds = ['service', 'network', 'config', 'secret'].map(
    (kind) => `docker ${kind} ls --format '${kind} {{.Name}}'`,
  )
  const all = await runOn(machine, kinds.join('; '))
  return all
    .split('\n')
    .filter((line) => / (pvc|pvcheck|other)-/.test(line))
    .toSorted()
}

test('a run whose process is gone is swept at once, though its lease still runs, and its file is forgotten', async () => {
  const run = newRunId()
  const { cluster } = connection.target.fingerprint
  const lines = [...(await plant(run, soon())), ...(await plant(run, soon(), 2))]
  await plantLock(run, soon())
  await plantFile(run, cluster, [
    { line: 'intend', kind: 'config', name: lockName },
    { line: 'created', kind: 'config', name: lockName, id: 'x' },
    { line: 'intend', kind: 'service', name: nameOf(run, 1) },
  ])
  const [elsewhere, alive] = ['20260101T000000Z-0001', '20260101T000000Z-0002']
  await plantFile(elsewhere, 'another-swarm', [{ line: 'intend', kind: 'service', name: 'x' }])
  await plantFile(alive, cluster, [{ line: 'intend', kind: 'service', name: 'x' }], false)
  const { host } = connection.target
  await armTimer(host, { run, owner: 'planted', leaseSeconds: 3_600 })
  expect(await timers()).toContain(`pvcheck-sweep-${run}.timer`)
  const report = await sweep()
  expect(report).toMatchObject({ live: [], left: [], doubtful: [] })
  expect(report.swept.map(({ objects }) => objects.toSorted())).toEqual([[...lines, `config ${lockName}`].toSorted()])
  expect(await there()).toEqual([])
  expect(await listRuns(stateDir)).toEqual([elsewhere, alive])
  expect(await timers()).toBe('')
})

const timers = (): Promise<string> =>
  runOn(machine, "systemctl list-units --all --plain --no-legend 'pvcheck-*'; ls /run/pvcheck 2>/dev/null || true")

test('where no run is dead there is not even a writing hand', async () => {
  const live = newRunId()
  const before = [...(await plant(live, longAgo)), `config ${lockName}`]
  await plantLock(live, soon())
  const { target, signal } = connection
  const readOnly: Connection = {
    ...{ target, signal },
    get handle(): never {
      throw new Error('this is what a writing hand is made from')
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const options = { stateDir, signal: never, onProgress: () => undefined }
  expect(await sweepDead(readOnly, options)).toMatchObject({ swept: [], live: [{ run: live }], left: [], doubtful: [] })
  expect(await there()).toEqual(before.toSorted())
  await runOn(machine, `docker config rm ${lockName}`)
  const { left } = await sweepDead(readOnly, options)
  expect(left).toEqual([expect.stringContaining('this is what a writing hand is made from')])
})

test('what only looks like ours stays, and is told of', async () => {
  const [run, other] = ['20260101T000000Z-0003', '20260101T000000Z-0004']
  const labels = labelsOf(markOf(run, longAgo))
  await create('Config', { Name: nameOf(run, 1), Data: data })
  await create('Secret', { Name: nameOf(run, 2), Labels: { ...labels, 'pvcheck.expires': 'yesterday' }, Data: data })
  await create('Network', { Name: nameOf(run, 3), Labels: labelsOf(markOf(other, longAgo)), ...overlay })
  await create('Secret', { Name: 'other-copy', Labels: labels, Data: data })
  await create('Config', { Name: lockName, Data: data })
  const inner = serviceSpec('other-inner', {})
  await create('Service', {
    ...inner,
    TaskTemplate: { ContainerSpec: { Image: '127.0.0.1:1/none:1', Labels: labels } },
  })
  await runOn(machine, `docker volume create --label pvcheck.run=${run} other-volume`)
  const before = await there()
  const report = await sweep()
  expect(report).toMatchObject({ swept: [], live: [], left: [] })
  expect(report.doubtful.toSorted()).toEqual([
    `config ${nameOf(run, 1)}: it is called like one of the run ${run}, and carries no mark of it`,
    `config ${lockName}: it is called like the lock of pvcheck, and carries no mark of a run`,
    `network ${nameOf(run, 3)}: it is called like one of the run ${run}, and carries the mark of the run ${other}`,
    `secret other-copy: it carries the mark of the run ${run}, and is not called like one of it`,
    `secret ${nameOf(run, 2)}: its mark cannot be read: \`pvcheck.expires\` is no moment`,
    'service other-inner: only its containers carry a mark of pvcheck',
    'volume other-volume: its mark cannot be read: `pvcheck.owner` is no name of a configuration',
  ])
  expect(await there()).toEqual(before)
})

test('two that sweep at once do no harm to each other, nor to what a live run owns', async () => {
  const [dead, live] = [newRunId(), newRunId()]
  await plant(dead, longAgo)
  await plant(dead, longAgo, 2)
  await create('Secret', { Name: nameOf(dead, 3, 'note'), Labels: labelsOf(markOf(dead, longAgo)), Data: data })
  const kept = [...(await plant(live, longAgo)), `config ${lockName}`]
  await plantLock(live, soon())
  const reports = await Promise.all([sweep(), sweep()])
  for (const { live: alive, left, doubtful } of reports) {
    expect(alive.map(({ run }) => run)).toEqual([live])
    expect({ left, doubtful }).toEqual({ left: [], doubtful: [] })
  }
  expect(await there()).toEqual(kept.toSorted())
  expect((await sweep()).swept).toEqual([])
})

test('what was being created when its run died is swept when it appears, and its lock goes after it', async () => {
  const run = newRunId()
  const Name = nameOf(run, 1)
  const Labels = labelsOf(markOf(run, soon()))
  await plantLock(run, soon())
  const gone: string[] = []
  const late = new Promise((resolve) => setTimeout(resolve, 1_500)).then(() =>
    create('Network', { Name, Labels, ...overlay }),
  )
  const swept = await sweepRun(run, {
    reader: connection.target.engine,
    writer: attachWriter(connection.handle),
    intents: {
      open: [
        { kind: 'network', name: Name },
        { kind: 'service', name: Name },
        { kind: 'config', name: lockName, id: 'x' },
      ],
      mayAppearMs: 4_000,
      gone: async (kind, name) => void gone.push(`${kind} ${name}`),
    },
    atOnce: 2,
    signal: never,
    onProgress: () => undefined,
  })
  await late
  expect(swept).toMatchObject({ run, owner: 'planted', left: [] })
  expect(swept.objects.toSorted()).toEqual([`config ${lockName}`, `network ${Name}`])
  expect(gone.toSorted()).toEqual([`config ${lockName}`, `network ${Name}`, `service ${Name}`])
  expect(await there()).toEqual([])
})

test('a run of which the Swarm has forgotten all but containers is swept, and one that lives is not', async () => {
  // Without an image there is no container; one of nothing can be created, and never starts.
  await runOn(machine, 'tar -c --files-from /dev/null | docker import --change "VOLUME /data" - other-empty:1')
  const [dead, live, gone] = [newRunId(), newRunId(), newRunId()]
  const plantContainer = (run: string, expires: string, name = `${nameOf(run, 1)}.1.x9`): Promise<string> => {
    const labels = Object.entries(labelsOf(markOf(run, expires))).map(([key, value]) => `--label ${key}=${value}`)
    return runOn(machine, `docker create --name ${name} ${labels.join(' ')} other-empty:1 /none`)
  }
  await plantContainer(dead, longAgo)
  await plantContainer(dead, longAgo, 'other-copy')
  await plantContainer(live, soon())
  await plantContainer(gone, soon())
  await plantFile(gone, connection.target.fingerprint.cluster)
  const options = { stateDir, signal: never, onProgress: () => undefined }
  const dry = await sweepDead(connection, { ...options, isDry: true })
  const report = await sweep()
  expect(report).toMatchObject({ live: [{ run: live }], left: [] })
  const planned = [dead, gone].map((run) => ({ run, owner: 'planted', objects: [`container ${nameOf(run, 1)}.1.x9`] }))
  expect(report.swept).toEqual(planned.toSorted((a, b) => a.run.localeCompare(b.run)))
  expect(dry.swept).toEqual(report.swept)
  expect(report.doubtful).toEqual([
    `container other-copy: it carries the mark of the run ${dead}, and is not called like one of it`,
  ])
  const there = await runOn(machine, "docker ps -a --format '{{.Names}}'; docker volume ls -q | wc -l")
  expect(there.trim().split('\n').toSorted()).toEqual(['2', 'other-copy', `${nameOf(live, 1)}.1.x9`])
  expect(await listRuns(stateDir)).toEqual([])
}, 60_000)
