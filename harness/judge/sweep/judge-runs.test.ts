import { expect, test } from 'vitest'
import { localContainers } from '../../model/facts/local-objects.ts'
import { labelsOf, lockName, nameOf } from '../../model/mark.ts'
import { factsOf, network, now, proxy, type RawSwarm, service, task } from '../removal/testing/swarm.ts'
import { type JudgedRuns, judgeRuns } from './judge-runs.ts'
import { planSweep } from './plan-sweep.ts'

const run = '20261120T110000Z-00aa'
const other = '20261120T113000Z-00bb'
const nowMs = Date.parse(now)
const at = (seconds: number): string => new Date(nowMs + seconds * 1000).toISOString()
const labels = (of: string, seconds: number): Record<string, string> =>
  labelsOf({ run: of, owner: 'prod', expires: at(seconds) })
const config = (name: string, Labels: object = {}): object => ({ ID: name, Spec: { Name: name, Labels } })
const lock = (of: string, seconds: number): object => config(lockName, labels(of, seconds))

function judge(raw: RawSwarm, gone: readonly string[] = []): JudgedRuns {
  return judgeRuns({
    facts: factsOf(raw),
    local: { containers: localContainers.schema.parse(raw.containers ?? []), volumes: [] },
    now: { earliestMs: nowMs, latestMs: nowMs + 50 },
    graceSeconds: 10,
    gone: new Map(gone.map((one) => [one, { owner: 'prod' }])),
  })
}
const runsOf = ({ dead, live }: JudgedRuns) => ({ dead: dead.map(({ run }) => run), live: live.map(({ run }) => run) })

test.each([
  ['its own lease holds, though its objects have ended', 'live', [lock(run, 1)], -60],
  ['its lease has ended, and others wait ten seconds longer', 'live', [lock(run, -9)], -60],
  ['its lease has ended, though its objects have not', 'dead', [lock(run, -10)], 600],
  ['no lock, and its objects have not ended', 'live', [], 1],
  ['no lock, and its objects have ended', 'dead', [], -1],
  ["another's lock, and its objects have not ended", 'live', [lock(other, 60)], 1],
  ["another's lock, and its objects have ended", 'dead', [lock(other, 60)], 0],
  ['a lock that nobody can read, and its objects have not ended', 'live', [config(lockName)], 1],
] as const)('%s: %s', (_, state, locks, seconds) => {
  const mine = config(nameOf(run, 1), labels(run, seconds))
  expect(runsOf(judge({ configs: [mine, ...locks] }))[state]).toContain(run)
  // Whatever the marks say: who is certainly gone acts no more.
  expect(runsOf(judge({ configs: [mine, ...locks] }, [run])).dead).toEqual([run])
})

test('a run lives as long as the last of its objects; a lock alone is a run, too', () => {
  const own = [config(nameOf(run, 1), labels(run, -60)), config(nameOf(run, 2), labels(run, 60))]
  expect(runsOf(judge({ configs: own }))).toEqual({ dead: [], live: [run] })
  expect(judge({ configs: [lock(run, -60)] }).dead).toMatchObject([{ run, objects: [{ name: lockName }] }])
  expect(runsOf(judge({}, [run]))).toEqual({ dead: [run], live: [] })
})

test('a live task of a service that is gone is of the run that its container names', () => {
  const stray = { ...task('t1', { of: 'gone' }), Spec: { ContainerSpec: { Labels: labels(run, -60) } } }
  expect(judge({ tasks: [stray] }).dead).toEqual([{ run, owner: 'prod', objects: [], strays: ['t1'], containers: [] }])
  const ended = { ...stray, Status: { State: 'shutdown', Timestamp: now } }
  expect(judge({ tasks: [ended] }).dead).toEqual([])
})

test('a run of which only a container is left lives and dies by that, and by its lock', () => {
  const container = (seconds: number, Name = `${nameOf(run, 1)}.1.x9`, more: object = {}): object => ({
    ...{ Id: `id-${Name}`, Names: [`/${Name}`] },
    Labels: { ...labels(run, seconds), 'com.docker.swarm.task.id': 'x9', ...more },
  })
  const left = { name: `${nameOf(run, 1)}.1.x9`, id: `id-${nameOf(run, 1)}.1.x9` }
  expect(judge({ containers: [container(-1)] })).toMatchObject({
    ...{ dead: [{ run, owner: 'prod', objects: [], containers: [left] }], live: [], doubtful: [] },
  })
  expect(runsOf(judge({ containers: [container(1)] }))).toEqual({ dead: [], live: [run] })
  expect(runsOf(judge({ containers: [container(-1)], configs: [lock(run, 1)] })).live).toEqual([run])
  expect(judge({ containers: [container(60)] }, [run]).dead).toMatchObject([{ run, containers: [left] }])

  const odd = [container(-1, 'copy.1.x9'), container(-1, nameOf(run, 2), { 'pvcheck.expires': 'never' })]
  const judged = judge({ containers: [...odd, container(-1, `${nameOf(other, 1)}.1.x9`)] })
  expect(runsOf(judged)).toEqual({ dead: [], live: [] })
  expect(judged.doubtful).toEqual([
    `container copy.1.x9: it carries the mark of the run ${run}, and is not called like one of it`,
    `container ${nameOf(run, 2)}: its mark cannot be read: \`pvcheck.expires\` is no moment`,
    expect.stringContaining(`it is called like one of the run ${other}, and carries the mark of the run ${run}`),
  ])
  // What a task runs goes with its service.
  expect(judge({ containers: odd, tasks: [task('x9', { of: 'copy' })] }).doubtful).toEqual([])
})

test('what only looks like ours is of no run', () => {
  const judged = judge({
    services: [service('web', { labels: { 'pvcheck.run': run } }), service('copy', { labels: labels(run, -60) })],
    networks: [
      { ...network('n1', { labels: labels(run, -60) }), Scope: 'local' },
      network(nameOf(run, 3), { labels: labels(other, -60) }),
      network(`${nameOf(run, 1)}.old`),
    ],
    configs: [config(nameOf(run, 2)), config(nameOf(run, 2).toUpperCase())],
  })
  expect(runsOf(judged)).toEqual({ dead: [], live: [] })
  expect(judged.doubtful.map((line) => line.split(':')[0])).toEqual([
    'service web',
    'service copy',
    'network n1',
    `network ${nameOf(run, 3)}`,
    `config ${nameOf(run, 2)}`,
  ])
})

test('the plan has a stack for each number, and neither the lock nor what is of others, or called otherwise', () => {
  const facts = factsOf({
    services: [
      service(nameOf(run, 1), { labels: labels(run, 60), on: ['n1', 'proxy'] }),
      service('odd', { labels: labels(run, 60) }),
      service(nameOf(other, 1), { labels: labels(other, -60), on: ['n1'] }),
    ],
    networks: [proxy, { ...network(nameOf(run, 1, 'own'), { labels: labels(run, 60) }), Id: 'n1' }],
    configs: [lock(run, 60), config('foreign', { 'com.docker.stack.namespace': nameOf(run, 1) })],
  })
  const { stacks, unknown } = planSweep([run], facts)
  expect(unknown).toEqual([])
  const shown = stacks.map(({ name, services, networks, configs, refusal }) => ({
    ...{ name, refusal, configs },
    services: services.map((one) => one.name),
    networks: networks.map((one) => [one.name, one.usedBy]),
  }))
  expect(shown).toEqual([
    {
      ...{ name: nameOf(run, 1), refusal: undefined, configs: [] },
      services: [nameOf(run, 1)],
      networks: [[nameOf(run, 1, 'own'), [`the service ${nameOf(other, 1)}`]]],
    },
  ])
})

test("while somebody else's service waits for an address, the sweep has its price; a waiting one of ours goes first", () => {
  const tiny = network('tiny', { subnet: '10.2.0.0/30' })
  const full = service('full', { on: ['tiny'], vips: { tiny: '10.2.0.2/30' } })
  const ours = (number: number, given: object = {}): object => {
    const one = service(`web_${number}`, { labels: labels(run, -60), on: ['proxy'], ...given })
    return { ...one, Spec: { ...Object(one).Spec, Name: nameOf(run, number) } }
  }
  const waits = { on: ['proxy', 'tiny'], vips: {} }
  const foreign = factsOf({ networks: [proxy, tiny], services: [full, ours(1), ours(2), service('waiter', waits)] })
  expect(planSweep([run], foreign).prices).toMatchObject([{ service: 'waiter', goesFirst: false, times: 2 }])
  const own = planSweep([run], factsOf({ networks: [proxy, tiny], services: [full, ours(1), ours(2, waits)] }))
  expect(own.stacks.map(({ name }) => name)).toEqual([nameOf(run, 2), nameOf(run, 1)])
  expect(own.prices).toMatchObject([{ service: nameOf(run, 2), goesFirst: true }])
})
