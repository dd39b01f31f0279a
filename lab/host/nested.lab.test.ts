import { cpSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { controlPlane } from '../lab.ts'
import { packageRoot } from './asset.ts'
import { baseLayer } from './base.ts'
import { takeLayer } from './cache.ts'
import { createMachine } from './create.ts'
import { imagesLayer } from './images.ts'
import { execOn, type LabMachine, runOn } from './machine.ts'
import { shell } from './shell.ts'
import { ownStateHome } from './testing/state-home.ts'

// A practice host is a machine that systemd manages, with nothing but cgroup2: what most users have, unlike most CI.
const state = ownStateHome()
const progress = () => undefined
const home = '/var/lib/docker/nested'
let machine: LabMachine

beforeAll(async () => {
  const base = baseLayer({ progress })
  const { path: basePath } = await takeLayer(base, { progress })
  const { path: imagesPath } = await takeLayer(imagesLayer(base, controlPlane, { progress }), { progress })
  const binds = { [packageRoot()]: '/opt/pvcheck', [join(basePath, 'packages')]: '/opt/packages' }
  const lower = join(basePath, 'root')
  const created = await createMachine({
    name: 'outer',
    kind: 'lab',
    lower,
    files: [],
    beforeFix: false,
    refreshMs: 500,
    binds,
  })
  machine = created.machine
  // Docker's folder is a plain one, so it can carry another overlay.
  const cache = join(machine.dir, 'docker', 'nested', 'cache', 'pvcheck', 'lab')
  mkdirSync(cache, { recursive: true })
  const $ = shell()
  for (const path of [basePath, imagesPath]) await $`cp -a ${path} ${join(cache, basename(path))}`
  cpSync(process.execPath, join(machine.dir, 'root/usr/local/bin/node'))
  const packages = ['systemd-container', 'debootstrap'].map((name) => `/opt/packages/${name}_*.deb`).join(' ')
  // Not "dpkg -x": it would replace the links of /bin and /lib by folders.
  await runOn(machine, `dpkg --unpack --force-depends ${packages}`)
}, 300_000)

afterAll(() => state.remove(), 60_000)

/** Runs a call of the lab's functions inside. */
async function inside(call: string): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const script = `
    import { createJiti } from 'jiti'
    const lab = await createJiti(process.cwd() + '/').import('/opt/pvcheck/lab/lab.ts')
    const progress = (line) => console.error(line)
    console.log(JSON.stringify(await ${call}))
  `
  const env = `XDG_CACHE_HOME=${home}/cache XDG_STATE_HOME=${home}/state`
  return await execOn(machine, `cd /opt/pvcheck && env ${env} node --input-type=module --eval "$(cat)"`, {
    stdin: script,
    timeoutMs: 120_000,
  })
}

const traces = [
  'systemctl list-units --all --no-legend | grep pvlab-',
  `grep ${home}/state /proc/self/mountinfo`,
  'ip -brief link | grep pvlab-',
  'ls -A /run/systemd/nspawn/propagate /run/systemd/nspawn/locks | grep -E "pvlab-|inode-"',
  'find /sys/fs/cgroup -name "pvlab-*"',
  `ls ${home}/state/pvcheck/labs`,
].join('; ')

test('a machine that systemd manages boots a host in a scope of its own, and removes it without a trace', async () => {
  const up = await inside("lab.labUp({ name: 'inner', refreshMs: 500, progress })")
  expect(up.stderr).toContain('inner booted')
  expect(up.exitCode, up.stderr).toBe(0)
  const unit = (
    await runOn(machine, "systemctl list-units --type=scope --plain --no-legend 'pvlab-*' | cut -d' ' -f1")
  ).trim()
  expect(await runOn(machine, `systemctl show -p Delegate -p ControlGroup ${unit}`)).toBe(
    `ControlGroup=/system.slice/${unit}\nDelegate=yes\n`,
  )
  const down = await inside("lab.labDown({ which: { name: 'inner' }, progress })")
  expect(down.stdout.trim(), down.stderr).toBe('["inner"]')
  expect((await execOn(machine, traces)).stdout).toBe('')
}, 180_000)
