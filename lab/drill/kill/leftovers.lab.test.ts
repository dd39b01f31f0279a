import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../host/machine.ts'
import { mintName } from '../../host/mint.ts'
import { labDown, labUp } from '../../lab.ts'
import { type LabEngine, openLabEngine } from './engine.ts'
import { foreignChanges, lookAtForeign } from './foreign.ts'
import { traceOnHost } from './host-traces.ts'
import { objectsLeft } from './leftovers.ts'

const name = mintName('pvlab')
const quiet = { progress: () => undefined }
const own = 'pvc-20261120t121700z-3f2a-1'
const mark = '--label pvcheck.run=20261120T121700Z-3f2a'
const image = 'pvcheck-lab/busybox:1'
let machine: LabMachine
let engine: LabEngine

beforeAll(async () => {
  machine = await labUp({ name, refreshMs: 500, ...quiet })
  engine = await openLabEngine(machine)
})
afterAll(() => labDown({ which: { name }, ...quiet }))

test('a host that nobody touched has nothing of a run', async () => {
  expect(await objectsLeft(engine)).toEqual([])
  expect(await traceOnHost(machine, engine)).toEqual([])
})

const service = (options: string): string =>
  `docker service create -q -d --no-resolve-image --replicas 0 ${options} ${image} true`
const planted: [what: string, plant: string, remove: string][] = [
  ['service x', service(`--name x ${mark}`), 'docker service rm x'],
  [`service ${own}`, service(`--name ${own}`), `docker service rm ${own}`],
  [`network ${own}`, `docker network create -d overlay ${own}`, `docker network rm ${own}`],
  ['network n', `docker network create -d overlay ${mark} n`, 'docker network rm n'],
  ['config pvcheck-lock', 'echo 1 | docker config create pvcheck-lock -', 'docker config rm pvcheck-lock'],
  ['secret s', `echo 1 | docker secret create ${mark} s -`, 'docker secret rm s'],
  ['volume vol', `docker volume create ${mark} vol`, 'docker volume rm vol'],
  ['container /box', `docker create --name box ${mark} ${image} true`, 'docker rm box'],
]
test.each(planted)('sees the %s that is there', async (what, plant, remove) => {
  await runOn(machine, plant)
  expect(await objectsLeft(engine)).toContain(what)
  await runOn(machine, remove)
  expect(await objectsLeft(engine)).toEqual([])
})

test('sees a timer, a file, and a namespace of a network that is gone', async () => {
  await runOn(machine, 'systemd-run --unit pvcheck-sweep-x --on-active=1h true')
  await runOn(machine, 'touch /run/pvcheck-x')
  for (const name of ['1-abcdefghij', 'lb_abcdefghi']) {
    const path = `/run/docker/netns/${name}`
    await runOn(machine, `touch ${path} && unshare --net=${path} true`)
  }
  expect(await traceOnHost(machine, engine)).toEqual([
    'file /run/pvcheck-x',
    'file /run/systemd/transient/pvcheck-sweep-x.service',
    'file /run/systemd/transient/pvcheck-sweep-x.timer',
    'netns 1-abcdefghij, of a network that is gone',
    'netns lb_abcdefghi, of a network that is gone',
    expect.stringMatching(/^unit pvcheck-sweep-x.service/),
    expect.stringMatching(/^unit pvcheck-sweep-x.timer/),
  ])
})

test('sees what has become of the others, and not that time goes by', async () => {
  const before = await lookAtForeign(engine, { restarted: false })
  expect(foreignChanges(before, await lookAtForeign(engine, { restarted: false }))).toEqual([])
  await runOn(machine, 'docker service update -q -d --label-add a=b --no-resolve-image drone_app')
  await runOn(machine, service('--name stranger'))
  expect(foreignChanges(before, await lookAtForeign(engine, { restarted: false }))).toEqual([
    'foreign: service drone_app has changed',
    'foreign: service stranger has come',
  ])
})

test('tells what was created between two moments', async () => {
  const since = Date.now()
  await runOn(machine, `docker network create -d overlay between && ${service('--name mine')}`)
  expect((await engine.createdBetween(since, Date.now() + 100)).toSorted()).toEqual(['network between', 'service mine'])
})
