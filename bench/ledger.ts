/** `npm run bench`, fourth part: what the ledgers of a crowded Swarm cost, beside curl fetching the same lists. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { $ } from 'zx'
import { connect } from '../harness/reach/connect.ts'
import { crowdSize, makeCrowd } from './crowd.ts'
import { laps } from './stopwatch.ts'

const turns = Number(process.env['BENCH_TURNS'] ?? 7)
const lab = process.env['BENCH_LAB'] ?? 'pvlab-bench'
const never = new AbortController().signal
const pvcheck = `'${process.execPath}' '${join(import.meta.dirname, '..', 'bin', 'pvcheck.js')}'`
const once = join(import.meta.dirname, '..', 'dist', 'harness', 'observe', 'addresses', 'testing', 'ledger-once.js')
const said = z.object({
  ...{ wallMs: z.number(), cpuMs: z.number(), residentMb: z.number(), held: z.number(), moved: z.literal(false) },
})
type Cost = Pick<z.infer<typeof said>, 'wallMs' | 'cpuMs'>

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
      timeoutMs: 60_000,
    },
    { signal: never, stateDir: dir },
  )
  const { handle, target } = connection
  const socket = handle.tunnelSocket ?? ''
  if (!(await countOf('services')).includes('crowd-tasks')) await makeCrowd(socket)
  while ((await countOf('tasks')).split('"pending"').length - 1 < crowdSize.tasks) await delay(200)

  const lists = ['networks', 'nodes', 'services', 'tasks', 'tasks?filters=%7B%22runtime%22%3A%5B%22attachment%22%5D%7D']
  const urls = lists.map((list) => `--output /dev/null http://docker/v${handle.apiVersion}/${list}`).join(' ')
  const curl = `curl --silent --show-error --fail --unix-socket '${socket}' ${urls}`
  const taken: Record<'curl' | 'first' | 'later', Cost[]> = { curl: [], first: [], later: [] }
  let residentMb = 0
  for (let turn = 0; turn < turns; turn += 1) {
    for (const { wallS, cpuS } of await laps(curl, 1)) taken.curl.push({ wallMs: wallS * 1000, cpuMs: cpuS * 1000 })
    const { stdout } = await $`${process.execPath} ${once} ${JSON.stringify(handle)} 6`
    const [first, ...later] = stdout
      .trim()
      .split('\n')
      .map((line) => said.parse(JSON.parse(line)))
    if (first === undefined) throw new Error('nothing was read')
    taken.first.push(first)
    taken.later.push(...later)
    residentMb = Math.max(residentMb, ...[first, ...later].map((cost) => cost.residentMb))
  }
  report(median(taken.curl), median(taken.first), median(taken.later), residentMb)

  async function countOf(list: 'services' | 'tasks'): Promise<string> {
    return JSON.stringify((await target.engine[list]()).body)
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
  if (process.env['BENCH_LAB'] === undefined) await laps(`${pvcheck} lab down --name ${lab}`, 1)
}

function median(costs: readonly Cost[]): Cost {
  const middle = costs.toSorted((a, b) => a.wallMs - b.wallMs)[Math.floor(costs.length / 2)]
  if (middle === undefined) throw new Error('no laps')
  return middle
}

function report(curl: Cost, first: Cost, later: Cost, residentMb: number): void {
  const title = '# What the ledgers of a crowded Swarm cost'
  const ms = (milliseconds: number) => `${milliseconds.toFixed(0)} ms`
  const row = (what: string, cost: Cost, against = '', resident = '') =>
    `| ${what} | ${ms(cost.wallMs)} | ${ms(cost.cpuMs)} | ${against} | ${resident} |`
  const ratio = (cost: Cost) => `${(cost.wallMs / curl.wallMs).toFixed(2)} x curl`
  const section = `${title}

Median of ${turns} rounds, by turns in one go, on ${cpus().length} cores that the practice host shares with whoever asks it: ${crowdSize.services.toLocaleString('en-US')} services
without replicas on two networks, ${crowdSize.tasks} tasks that no node may run. Both over the same forwarded socket. curl fetches the lists one after
the other over one connection, and throws them away; ours reads the short ones on both sides of the services, decodes them, and
makes the ledgers of all overlays. The first reading of a process is slower: its code is not compiled yet.

| what | wall | CPU of the client | wall, against | resident at most |
| --- | --- | --- | --- | --- |
${row('`curl`, the lists of networks, nodes, services, tasks and attached containers', curl)}
${row('a reading of ours and all ledgers, in a process that has made some', later, `${ratio(later)} (at most 1.5)`, `${residentMb.toFixed(0)} MB (at most 250)`)}
${row('the same, the first of a process', first, ratio(first))}
`
  const path = join(import.meta.dirname, 'RESULTS.md')
  const page = readFileSync(path, 'utf8')
  const [others = '', old = ''] = page.split(`\n${title}`)
  const after = old.indexOf('\n# ')
  writeFileSync(path, `${others.trimEnd()}\n\n${section}${after < 0 ? '' : old.slice(after)}`)
  process.stdout.write(section)
}
