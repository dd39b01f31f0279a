/** `npm run bench`, second half: what twenty routes cost, beside curl fetching the same, in one run. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { httpAddressSchema } from '../harness/model/http.ts'
import { createHttp } from '../harness/reach/http/client.ts'
import { openMint } from '../harness/reach/http/testing/certificates.ts'
import { loadTrust } from '../harness/reach/http/trust.ts'
import { type Lap, laps, median } from './stopwatch.ts'

const times = 31
const atOnce = 8
const hosts = Array.from({ length: 20 }, (_, index) => `route-${index + 1}.bench.test`)

/** A server of its own process, so that it takes nothing from the one that is measured. */
const serving = `
const { readFileSync } = require('node:fs')
const [cert, key] = process.argv.slice(1).map((path) => readFileSync(path))
const server = require('node:https').createServer({ cert, key }, (_, answer) => answer.end('x'.repeat(10_000)))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

const { mint, close } = openMint()
const root = mint({ subject: 'Bench root', authority: true })
const { certPath, keyPath } = mint({ subject: 'bench', names: 'DNS:*.bench.test', by: root })
const server = spawn(process.execPath, ['-e', serving, certPath, keyPath], { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  const [said] = await once(server.stdout, 'data')
  const port = Number(String(said))
  // Our client trusts Node's roots beside its own authority. curl, which reads its authorities again for each connection,
  // is asked with the one that matters, and once more with all of them.
  const bundle = `${root.certPath}.bundle`
  writeFileSync(bundle, [root.cert, ...rootCertificates].join('\n'))
  const urls = hosts.map((host) => `https://${host}:${port}/`)
  const address = httpAddressSchema.parse({
    caPath: root.certPath,
    concurrency: atOnce,
    resolve: { '*.bench.test': '127.0.0.1' },
  })
  const curl = (authorities: string) =>
    [
      `curl --silent --show-error --fail --parallel --parallel-max ${atOnce} --cacert '${authorities}'`,
      ...hosts.map((host) => `--resolve ${host}:${port}:127.0.0.1`),
      ...urls.map((url) => `--output /dev/null ${url}`),
    ].join(' ')

  const ours = async (): Promise<Lap> => {
    const [started, before] = [performance.now(), process.cpuUsage()]
    const http = createHttp(address)
    const exchanges = await Promise.all(urls.map((url) => http.ask({ url })))
    const wallS = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(before)
    const failed = exchanges.find(({ status, body, error }) => status !== 200 || body?.length !== 10_000 || error)
    if (failed !== undefined) throw new Error(`${failed.url}: ${failed.error?.message ?? failed.status}`)
    return { wallS, cpuS: (user + system) / 1e6 }
  }

  const started = performance.now()
  await loadTrust(root.certPath)
  const loadS = (performance.now() - started) / 1000
  await ours()
  const [oursTaken, curlTaken, curlAllTaken]: [Lap[], Lap[], Lap[]] = [[], [], []]
  for (let turn = 0; turn < times; turn += 1) {
    curlTaken.push(...(await laps(curl(root.certPath), 1)))
    oursTaken.push(await ours())
    curlAllTaken.push(...(await laps(curl(bundle), 1)))
  }
  report(loadS, median(oursTaken), median(curlTaken), median(curlAllTaken))
} finally {
  server.kill()
  close()
}

function report(loadS: number, ours: Lap, curl: Lap, curlAll: Lap): void {
  const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`
  const against = (one: Lap, other: Lap) => (one.wallS / other.wallS).toFixed(2)
  const title = '# What twenty routes cost'
  const section = `${title}

Median of ${times} rounds, by turns in one go, on ${cpus().length} cores: ${hosts.length} host names of one https server on the same machine, ${atOnce} at once, a
connection with its TLS handshake and its check of the chain for each. curl is started each time; ours is a new client in
a process that is already running, as in a verification. It trusts Node's roots and one authority of its own, which take
${ms(loadS)} to load, once in a process and not in the figure; curl reads its authorities for each connection anew, and is
given that one alone, and once more all of them.

| what | wall | CPU of the client | wall, against |
| --- | --- | --- | --- |
| \`curl --parallel --parallel-max ${atOnce}\`, one authority | ${ms(curl.wallS)} | ${ms(curl.cpuS)} |  |
| \`curl --parallel --parallel-max ${atOnce}\`, as many as ours | ${ms(curlAll.wallS)} | ${ms(curlAll.cpuS)} |  |
| ${hosts.length} requests of ours, all authorities | ${ms(ours.wallS)} | ${ms(ours.cpuS)} | ${against(ours, curl)} x curl with one (at most 1.2), ${against(ours, curlAll)} x with as many |
`
  const path = join(import.meta.dirname, 'RESULTS.md')
  const [others = ''] = readFileSync(path, 'utf8').split(`\n${title}`)
  writeFileSync(path, `${others.trimEnd()}\n\n${section}`)
  process.stdout.write(section)
}
