/** `npm run bench`: what a verification costs, beside docker, curl and journalctl asking the same, in one run. */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { $ } from 'zx'
import { ask } from './questions.ts'
import { type Lap, laps, median } from './stopwatch.ts'

const pvcheck = `'${process.execPath}' '${join(import.meta.dirname, '..', 'bin', 'pvcheck.js')}'`
const times = 7

const raise = `${pvcheck} lab up --name pvlab-bench --refresh-ms 500`
const remove = `${pvcheck} lab down --name pvlab-bench`
// The first one fills the cache where it is empty.
await laps(`${raise}\n${remove}`, 1)
const up: Lap[] = []
for (let turn = 1; turn <= 3; turn += 1) {
  if (turn > 1) await laps(remove, 1)
  up.push(...(await laps(raise, 1)))
}
let rows: [string, Lap, Lap?][]
try {
  const status = await $`${process.execPath} bin/pvcheck.js lab status --json`.json<{ name: string; dir: string }[]>()
  const dir = status.find(({ name }) => name === 'pvlab-bench')?.dir
  if (dir === undefined) throw new Error('the practice host is not in the list of practice hosts')
  const bare = median(await laps(`'${process.execPath}' -e 0`, times))
  const help = median(await laps(`${pvcheck} --help`, times))
  const verify = median(await laps(`${pvcheck} verify --read-only --config '${dir}/pvcheck.config.json'`, times))
  const docker = median(await laps(ask('docker', `${dir}/ssh_config`), times))
  const curl = median(await laps(ask('curl', `${dir}/ssh_config`), times))
  rows = [
    ['node -e 0', bare],
    ['pvcheck --help', help, bare],
    ['docker CLI, journalctl, systemctl, ip over one ssh connection', docker],
    ['curl on the socket, journalctl, systemctl, ip over one ssh connection', curl],
    ['pvcheck verify --read-only', verify, docker],
    ['pvcheck lab up, from the cache', median(up)],
  ]
} finally {
  await laps(remove, 1)
}

const page = `# What a verification costs

Median of ${times} runs (of 3 for lab up), all in one go, on ${cpus().length} cores against a practice host on the same machine; \`npm run bench\`
writes this page. The verification also judges, chains and syncs its evidence, and writes STATUS.

| what | wall | CPU of the client | wall, against |
| --- | --- | --- | --- |
${rows
  .map(([what, { wallS, cpuS }, base]) => {
    const against =
      base === undefined ? '' : `${(wallS / base.wallS).toFixed(2)} x \`${rows.find(([, lap]) => lap === base)?.[0]}\``
    return `| \`${what}\` | ${wallS.toFixed(2)} s | ${cpuS.toFixed(2)} s | ${against} |`
  })
  .join('\n')}
`
writeFileSync(join(import.meta.dirname, 'RESULTS.md'), page)
process.stdout.write(page)
