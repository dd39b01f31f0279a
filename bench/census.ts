/** `npm run bench`, fifth part: what one lap over a fresh network costs, beside a bare loop of the same requests. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { $ } from 'zx'
import { readHostFigures } from '../harness/act/census/host-figures.ts'
import { takeCensus } from '../harness/act/census/take-census.ts'
import { actingHand } from '../harness/act/stack/testing/acting-hand.ts'
import { censusSchema } from '../harness/model/census.ts'
import { connect } from '../harness/reach/connect.ts'
import { bareWalk } from './bare-walk.ts'
import { laps } from './stopwatch.ts'

const lab = process.env['BENCH_LAB'] ?? 'pvlab-bench'
const never = new AbortController().signal
/** The widest takes half a minute a lap. */
const wide = [
  { subnet: '10.90.1.0/24', capacity: 253, turns: 5, wantedS: 3 },
  { subnet: '10.90.16.0/20', capacity: 4093, turns: 3, wantedS: 6 },
  { subnet: '10.91.0.0/16', capacity: 65_533, turns: 1, wantedS: 45 },
].filter(({ subnet }) => subnet.endsWith(process.env['BENCH_SUBNET'] ?? ''))

interface Cost {
  readonly lapMs: number
  readonly wholeMs: number
  readonly engineCpuMs: number
}

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
  const { host } = connection.target
  if ('unavailable' in host) throw new Error(host.unavailable)
  const socket = connection.handle.tunnelSocket ?? ''
  const cpuMs = async (): Promise<number> => (await readHostFigures(host, '/var/lib/docker')).cpuMs

  const rows: string[] = []
  for (const { subnet, capacity, turns, wantedS } of wide) {
    const name = `bench-${subnet.replaceAll(/[./]/g, '-')}`
    const docker = $({ env: { ...process.env, DOCKER_HOST: `unix://${socket}` } })
    const id = (await docker`docker network create --driver overlay --subnet ${subnet} ${name}`).stdout.trim()
    const ours: Cost[] = []
    const bare: Cost[] = []
    for (let turn = 0; turn < turns; turn += 1) {
      const before = await cpuMs()
      const bareMs = await bareWalk(socket, id, capacity)
      bare.push({ lapMs: bareMs, wholeMs: bareMs, engineCpuMs: (await cpuMs()) - before })
      ours.push(await walkOnce(id))
      process.stdout.write(`${subnet}: ${JSON.stringify([bare.at(-1), ours.at(-1)])}\n`)
    }
    await docker`docker network rm ${name}`
    rows.push(rowOf(subnet, median(ours), median(bare), wantedS))
  }
  report(rows)

  async function walkOnce(id: string): Promise<Cost> {
    await using acting = await actingHand(connection.handle, dir)
    const started = performance.now()
    const { walks } = await takeCensus({
      ...{ hand: acting.hand, host, settings: censusSchema.parse({ maxEngineGrowthMiB: 2048 }), networks: [id] },
      ...{ publish: { from: 28_100, to: 28_199 }, signal: never },
    })
    const wholeMs = performance.now() - started
    const [walk] = walks
    const [lap, second] = walk?.laps ?? []
    if (walk?.ended !== 'whole' || lap === undefined || second !== undefined) throw new Error(JSON.stringify(walks))
    const lapMs = Date.parse(lap.endedAt) - Date.parse(lap.startedAt)
    return { lapMs, wholeMs, engineCpuMs: walk.cost.engineCpuMs ?? Number.NaN }
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
  if (process.env['BENCH_LAB'] === undefined) await laps(`${pvcheck} lab down --name ${lab}`, 1)
}

function median(costs: readonly Cost[]): Cost {
  const middle = costs.toSorted((a, b) => a.lapMs - b.lapMs)[Math.floor(costs.length / 2)]
  if (middle === undefined) throw new Error('no laps')
  return middle
}

function rowOf(subnet: string, ours: Cost, bare: Cost, wantedS: number): string {
  const s = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
  const against = `${(ours.lapMs / bare.lapMs).toFixed(2)} x bare (at most 1.3), under ${wantedS} s`
  return `| ${subnet} | ${s(bare.lapMs)} | ${s(bare.engineCpuMs)} | ${s(ours.lapMs)} | ${s(ours.engineCpuMs)} | ${s(ours.wholeMs)} | ${against} |`
}

function report(rows: readonly string[]): void {
  const title = '# What a census costs'
  const section = `${title}

By turns in one go, the median of 5, 3 and 1 turns, on ${cpus().length} cores that the practice host shares with whoever asks it: one lap over a
fresh network, by the same canaries, as many at once, over the same forwarded socket with connections that are kept. The
bare loop only asks; ours also has a lock, intents on disk, marks, a proof before each remove, and looks at the Swarm and
at the host all the while. The whole census has the readings before and after as well.

| network | bare | CPU of dockerd | one lap | CPU of dockerd | whole census | wall, against |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
  const path = join(import.meta.dirname, 'RESULTS.md')
  const [others = ''] = readFileSync(path, 'utf8').split(`\n${title}`)
  writeFileSync(path, `${others.trimEnd()}\n\n${section}`)
  process.stdout.write(section)
}
