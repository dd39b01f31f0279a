import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import { startSecondEngine } from '../../../lab/host/second-engine.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { pollUntil } from '../../core/poll.ts'
import { planRemoval } from '../../judge/removal/plan-removal.ts'
import { services } from '../../model/facts/services.ts'
import { tasks } from '../../model/facts/tasks.ts'
import { attachWriter } from '../../reach/attach-writer.ts'
import { connect } from '../../reach/connect.ts'
import type { EngineWriter } from '../../reach/engine/writer.ts'
import type { Connection } from '../../reach/target.ts'
import { listed } from './look.ts'
import { readSwarm } from './read-swarm.ts'
import { type Outcome, type RemoveOptions, removeStacks } from './remove-stacks.ts'
import { freeOn } from './testing/free-on.ts'

const name = mintName('pvlab')
const quiet = { progress: () => undefined }
const never = new AbortController().signal
let machine: LabMachine
let stateDir: string
let connection: Connection
let writer: EngineWriter

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvt-remove-'))
  machine = await labUp({ name, ...quiet })
  connection = await connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs: 15_000,
    },
    { signal: never, stateDir },
  )
  writer = attachWriter(connection.handle)
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await labDown({ which: { name }, ...quiet })
  await rm(stateDir, { recursive: true, force: true })
})

/** Two services, one of them on the shared network as well, with a port in host mode, a config and a secret. */
const demo = `
version: "3.8"
services:
  web:
    image: pvcheck-lab/httpd:1
    networks: [own, proxy]
    configs: [site]
    ports: [{ target: 80, published: 8099, mode: host }]
  side:
    image: pvcheck-lab/httpd:1
    networks: [own]
    secrets: [key]
networks:
  own: { driver: overlay }
  proxy: { external: true }
configs: { site: { file: /etc/hostname } }
secrets: { key: { file: /etc/hostname } }
`
/** One service, on a network of its own and on the one that all of them share. */
const small = `
version: "3.8"
services:
  app:
    image: pvcheck-lab/httpd:1
    networks: [own, small]
networks:
  own: { driver: overlay }
  small: { external: true }
`

/** Deploys and waits until all its tasks run. */
async function deploy(compose: string, ...stacks: readonly string[]): Promise<void> {
  const { engine } = connection.target
  for (const stack of stacks) {
    await runOn(machine, `docker stack deploy --resolve-image never -c - ${stack} <<'EOF'\n${compose}\nEOF`)
  }
  await pollUntil(
    async () => {
      const ours = listed(services, await engine.services()).filter(({ Spec }) =>
        stacks.includes(Spec.Labels?.['com.docker.stack.namespace'] ?? ''),
      )
      const all = listed(tasks, await engine.tasks())
      const waiting = ours.filter(
        ({ ID }) => !all.some(({ ServiceID, Status }) => ServiceID === ID && Status.State === 'running'),
      )
      if (waiting.length === 0) return { done: true, value: undefined }
      return { done: false, state: waiting.map(({ Spec }) => Spec.Name).join(', ') }
    },
    { what: 'running tasks', timeoutMs: 60_000, intervalMs: 250 },
  )
}

/** Plans and removes, as a command does. */
async function remove(stacks: readonly string[], options: Partial<RemoveOptions> = {}): Promise<readonly Outcome[]> {
  const reader = connection.target.engine
  const plan = planRemoval(stacks, await readSwarm(reader, never))
  expect(plan.unknown).toEqual([])
  return await removeStacks(plan, { reader, writer, ...options })
}

/** All that tells of the stack on the host: objects by its name, and the containers of its tasks that run. */
async function tracesOf(stack: string): Promise<string> {
  const kinds = ['service', 'network', 'config', 'secret'].map(
    (kind) => `docker ${kind} ls --format '${kind} {{.Name}}'`,
  )
  const all = await runOn(machine, [...kinds, "docker ps --format 'container {{.Names}}'"].join('; '))
  return all
    .split('\n')
    .filter((line) => line.includes(` ${stack}_`))
    .join('\n')
}

const idOfProxy = (): Promise<string> => runOn(machine, "docker network inspect --format '{{.Id}}' proxy")

test('a stack is removed with all that is its own, and the shared network is untouched', async () => {
  const proxy = await idOfProxy()
  await deploy(demo, 'demo')
  expect((await tracesOf('demo')).split('\n')).toHaveLength(7)
  expect(await remove(['demo'])).toEqual([{ stack: 'demo', state: 'removed' }])
  expect(await tracesOf('demo')).toBe('')
  expect(await idOfProxy()).toBe(proxy)
  const again = planRemoval(['demo'], await readSwarm(connection.target.engine, never))
  expect(again).toMatchObject({ stacks: [], unknown: [{ name: 'demo' }] })
})

test('interrupted while its tasks are ending, it goes on where it was', async () => {
  await deploy(demo, 'demo')
  const interrupt = new AbortController()
  const first = await remove(['demo'], {
    signal: interrupt.signal,
    onProgress: (_, what) => {
      if (what.startsWith('waits for task')) interrupt.abort(new Error('stop'))
    },
  })
  expect(first).toMatchObject([{ state: 'interrupted' }])
  const half = await tracesOf('demo')
  expect(half).not.toContain('service ')
  expect(half).toContain('network demo_own')
  expect(await remove(['demo'])).toEqual([{ stack: 'demo', state: 'removed' }])
  expect(await tracesOf('demo')).toBe('')
})

test('a network that others use stays, and goes when they are gone', async () => {
  await deploy(demo, 'demo')
  await runOn(
    machine,
    'docker service create --quiet --detach --no-resolve-image --replicas 0 --name guest --network demo_own pvcheck-lab/busybox:1',
  )
  expect(await remove(['demo'])).toMatchObject([
    { state: 'left', left: { held: [], objects: ['network demo_own: used by the service guest'] } },
  ])
  expect(await tracesOf('demo')).toBe('network demo_own')
  await runOn(machine, 'docker service rm guest')
  expect(await remove(['demo'])).toEqual([{ stack: 'demo', state: 'removed' }])
})

test('six stacks leak nothing, where `docker stack rm` leaks an address for each', async () => {
  const id = await runOn(machine, 'docker network create --driver overlay --attachable --subnet 10.77.0.0/27 small')
  const network = id.trim()
  const stacks = Array.from({ length: 6 }, (_, index) => `s${index}`)
  const before = await freeOn(network, { reader: connection.target.engine, writer })
  expect(before).toBe(29)

  await deploy(small, ...stacks)
  expect(await remove(stacks)).toEqual(stacks.map((stack) => ({ stack, state: 'removed' })))
  expect(await freeOn(network, { reader: connection.target.engine, writer })).toBe(before)

  await deploy(small, ...stacks)
  for (const stack of stacks) await runOn(machine, `docker stack rm ${stack}`)
  await pollUntil(
    async () => {
      const names = await runOn(machine, "docker ps --format '{{.Names}}'")
      const left = names.split('\n').filter((line) => /^s\d_/.test(line))
      return left.length === 0 ? { done: true, value: undefined } : { done: false, state: left.join(', ') }
    },
    { what: 'their containers to be gone', timeoutMs: 60_000, intervalMs: 500 },
  )
  // Not each of them for certain: where a task has ended before its network goes, nothing leaks.
  expect(await freeOn(network, { reader: connection.target.engine, writer })).toBeLessThan(before)
})

test('what a node that is down holds is left and said; once the node is given up, the rest goes', async () => {
  const second = await startSecondEngine(machine)
  // A node counts as down after it has missed a few of these.
  await runOn(machine, 'docker swarm update --dispatcher-heartbeat 1s')
  await second.join('worker')
  await runOn(machine, `docker save pvcheck-lab/httpd:1 | docker -H unix://${second.socketPath} load`)
  const on = (role: string): string => `deploy: { placement: { constraints: [node.role==${role}] } }`
  const apart = demo.replace('configs: [site]', on('worker')).replace('secrets: [key]', on('manager'))
  await deploy(apart, 'far')
  await second.kill()
  const nodes = "docker node ls --format '{{.Hostname}} {{.Status}}'"
  await pollUntil(
    async () => {
      const state = await runOn(machine, nodes)
      return state.includes('second Down') ? { done: true, value: undefined } : { done: false, state }
    },
    { what: 'the second node to be down', timeoutMs: 60_000, intervalMs: 500 },
  )
  const facts = await readSwarm(connection.target.engine, never)
  expect(planRemoval(['far'], facts).stacks[0]?.heldBack).toMatchObject([
    { node: 'second', addresses: expect.arrayContaining([expect.stringMatching(/ on proxy$/)]) },
  ])
  const [left] = await remove(['far'], { deadlines: { downNodeMs: 3_000 } })
  expect(left).toMatchObject({
    state: 'left',
    left: {
      held: [expect.stringMatching(/^task \w+ \(running on second since .*the node is down$/)],
      objects: [
        expect.stringMatching(/^network far_own: held by task \w+ \(running on second since .*the node is down$/),
      ],
    },
  })
  expect(await tracesOf('far')).toBe('network far_own')

  await runOn(machine, 'docker node rm --force second')
  expect(await remove(['far'])).toEqual([{ stack: 'far', state: 'removed' }])
  expect(await tracesOf('far')).toBe('')
})
