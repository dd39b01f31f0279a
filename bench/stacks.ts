/** `npm run bench`, third part: what 24 throwaway stacks cost until all is gone, beside the bare API and the docker CLI. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { $ } from 'zx'
import { type Ground, readGround } from '../harness/act/stack/ground.ts'
import { commandOf, namesOf, networkSpec, serviceSpec } from '../harness/act/stack/stack-spec.ts'
import { throwawaySchema } from '../harness/model/throwaway.ts'
import { connect } from '../harness/reach/connect.ts'
import type { EngineReader } from '../harness/reach/engine/reader.ts'
import { newRunId } from '../harness/record/evidence/run-id.ts'
import { type Lap, laps, median } from './stopwatch.ts'

const turns = Number(process.env['BENCH_TURNS'] ?? 3)
const throwaway = throwawaySchema.parse({ stacks: 24, atOnce: 8 })
const sharedNetwork = 'proxy'
const lab = process.env['BENCH_LAB'] ?? 'pvlab-bench'
const never = new AbortController().signal

const pvcheck = `'${process.execPath}' '${join(import.meta.dirname, '..', 'bin', 'pvcheck.js')}'`
if (process.env['BENCH_LAB'] === undefined) await laps(`${pvcheck} lab up --name ${lab} --refresh-ms 500`, 1)
const dir = mkdtempSync(join(tmpdir(), 'pvb-'))
try {
  const status = await $`${process.execPath} bin/pvcheck.js lab status --json`.json<{ name: string; dir: string }[]>()
  const home = status.find(({ name }) => name === lab)?.dir
  if (home === undefined) throw new Error('the practice host is not in the list of practice hosts')
  await using connection = await connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: `${home}/ssh_config`,
      timeoutMs: 30_000,
    },
    { signal: never, stateDir: dir },
  )
  const { target, handle } = connection
  const socket = handle.tunnelSocket ?? ''
  const ground = await readGround(target.engine, { throwaway, sharedNetwork }, never)

  const settings = JSON.stringify({ throwaway, sharedNetwork })
  const once = join(import.meta.dirname, '..', 'dist', 'harness', 'act', 'stack', 'testing', 'batch-once.js')
  const ways = {
    ours: () => `'${process.execPath}' '${once}' '${JSON.stringify(handle)}' '${dir}' '${settings}'`,
    bare: () => {
      writeFileSync(join(dir, 'stacks.json'), JSON.stringify(specs(ground)))
      const script = join(import.meta.dirname, 'bare-stacks.js')
      return `'${process.execPath}' '${script}' '${socket}' '${dir}/stacks.json' ${throwaway.atOnce}`
    },
    docker: () => dockerScript(ground, socket),
  }
  const taken: Record<keyof typeof ways, Lap[]> = { ours: [], bare: [], docker: [] }
  for (let turn = 0; turn < turns; turn += 1) {
    for (const way of ['docker', 'ours', 'bare'] as const) {
      const script = ways[way]()
      const started = performance.now()
      const [lap] = await laps(script, 1)
      await allGone(target.engine)
      const wallS = (performance.now() - started) / 1000
      if (lap !== undefined) taken[way].push({ wallS, cpuS: lap.cpuS })
      process.stdout.write(`${way}: ${wallS.toFixed(2)} s, ${lap?.cpuS.toFixed(2)} s of CPU\n`)
    }
  }
  report(median(taken.ours), median(taken.bare), median(taken.docker))
} finally {
  rmSync(dir, { recursive: true, force: true })
  if (process.env['BENCH_LAB'] === undefined) await laps(`${pvcheck} lab down --name ${lab}`, 1)
}

/** The end of all three ways: nothing of it is there, containers that have ended included. */
async function allGone(engine: EngineReader): Promise<void> {
  for (;;) {
    const lists = await Promise.all([
      engine.services(),
      engine.tasks(),
      engine.networks(),
      engine.containers({ all: true }),
    ])
    if (lists.every(({ status, body }) => status === 200 && !JSON.stringify(body).includes('pvc-2'))) return
    await delay(50)
  }
}

/** What the bare loop creates: the same as we do, without our marks. */
function specs(ground: Ground): object[] {
  const run = newRunId()
  return Array.from({ length: throwaway.stacks }, (_, index) => {
    const names = namesOf(run, index + 1)
    const at = { networkId: '@NETWORK@', port: throwaway.publish.from + index }
    return { stack: names.stack, network: networkSpec(names), service: serviceSpec(names, ground, throwaway, at) }
  })
}

/** The same by the docker CLI: deployed, polled until it runs, removed, polled until no task is left, network removed. */
function dockerScript(ground: Ground, socket: string): string {
  const run = newRunId()
  const stack = namesOf(run, 1).stack.replace(/-1$/, '')
  const compose = `version: "3.8"
services:
  web:
    image: "${ground.image}"
    entrypoint: ${JSON.stringify(commandOf(throwaway)).replaceAll('$', '$$$$')}
    read_only: true
    cap_drop: [ALL]
    stop_signal: SIGKILL
    stop_grace_period: 1s
    healthcheck: { disable: true }
    logging: { driver: none }
    networks: [own, shared]
    ports: [{ target: ${throwaway.targetPort}, published: @PORT@, mode: ingress }]
    deploy:
      restart_policy: { condition: none }
      placement: { constraints: ["node.id==${ground.nodeId}"] }
networks:
  own: { driver: overlay }
  shared: { external: true, name: ${sharedNetwork} }
`
  writeFileSync(join(dir, 'compose.yml'), compose)
  writeFileSync(
    join(dir, 'one.sh'),
    `set -eu
stack="${stack}-$1"
sed "s/@PORT@/$((${throwaway.publish.from} + $1 - 1))/" '${dir}/compose.yml' > "${dir}/compose-$1.yml"
docker stack deploy --resolve-image never -c "${dir}/compose-$1.yml" "$stack" > /dev/null
states() { docker stack ps --format '{{.CurrentState}}' "$stack" 2> /dev/null || true; }
until states | grep -q '^Running'; do sleep 0.1; done
docker service rm "\${stack}_web" > /dev/null
while states | grep -qE '^(New|Pending|Assigned|Accepted|Ready|Preparing|Starting|Running)'; do sleep 0.1; done
docker network rm "\${stack}_own" > /dev/null
`,
  )
  return `export DOCKER_HOST='unix://${socket}'\nseq ${throwaway.stacks} | xargs -P ${throwaway.atOnce} -n 1 bash '${dir}/one.sh'`
}

function report(ours: Lap, bare: Lap, docker: Lap): void {
  const title = `# What ${throwaway.stacks} throwaway stacks cost`
  const s = (seconds: number) => `${seconds.toFixed(2)} s`
  const against = (one: number, other: number) => (one / other).toFixed(2)
  const section = `${title}

Median of ${turns} rounds, by turns in one go, on ${cpus().length} cores that the practice host shares with whoever asks it: ${throwaway.stacks} stacks,
${throwaway.atOnce} at once, each a service and a network of its own on the shared network, brought up, removed once its task runs,
its network once no task is left; until no service, task, network or container of them is there. All three over the same
forwarded socket. Ours is a process of its own with a lock, intents on disk and marks; the bare loop polls every 100 ms and
does none of it; the CLI is run by \`xargs -P ${throwaway.atOnce}\`, with 0.1 s between two questions.

| what | wall | CPU of the client | wall, against | CPU, against |
| --- | --- | --- | --- | --- |
| \`docker stack deploy\`, \`service rm\`, \`network rm\` | ${s(docker.wallS)} | ${s(docker.cpuS)} |  |  |
| the bare Engine API | ${s(bare.wallS)} | ${s(bare.cpuS)} |  |  |
| a batch of ours | ${s(ours.wallS)} | ${s(ours.cpuS)} | ${against(ours.wallS, bare.wallS)} x bare (at most 1.1), ${against(ours.wallS, docker.wallS)} x docker (at most 1.0) | ${against(ours.cpuS, docker.cpuS)} x docker (at most 0.10) |
`
  const path = join(import.meta.dirname, 'RESULTS.md')
  const [others = ''] = readFileSync(path, 'utf8').split(`\n${title}`)
  writeFileSync(path, `${others.trimEnd()}\n\n${section}`)
  process.stdout.write(section)
}
