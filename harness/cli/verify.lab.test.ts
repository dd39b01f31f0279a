import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LabMachine } from '../../lab/host/machine.ts'
import { runOn } from '../../lab/host/machine.ts'
import { labDown, labUp } from '../../lab/lab.ts'
import { readBundle } from '../record/evidence/read.ts'
import { packageInfo } from '../run/package-info.ts'

const { root } = packageInfo()
const name = `pvlab-cli-${process.pid.toString(36)}`
const quiet = { progress: () => undefined }

let machine: LabMachine
let config: string
let work: string

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'pvt-'))
  machine = await labUp({ name, refreshMs: 500, ...quiet })
  config = join(machine.dir, 'pvcheck.config.json')
})
afterAll(async () => {
  await labDown({ which: { name }, ...quiet })
  await rm(work, { recursive: true, force: true })
})

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command to its end; its exit code is part of the answer. */
function run(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  const env = { ...process.env, VITEST: undefined, NODE_OPTIONS: undefined, ...options.env }
  return new Promise((resolve) => {
    execFile(file, args, { cwd: options.cwd ?? root, env, maxBuffer: 64 << 20 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err })
    })
  })
}

function pvcheck(...args: readonly string[]): Promise<Ran> {
  return run(process.execPath, [join(root, 'bin', 'pvcheck.js'), ...args])
}

async function textsUnder(dir: string): Promise<string> {
  const names = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8'))
  return (await Promise.all(files)).join('\n')
}

test('a sound Swarm passes, with STATUS and evidence, and a summary that fits a screen', async () => {
  const reports = join(work, 'sound')
  const { code, out, err } = await pvcheck('verify', '--read-only', '--config', config, '--reports', reports)
  expect(code, out + err).toBe(0)
  expect(err).toBe('')
  const status = await readFile(join(reports, 'STATUS-pvcheck.md'), 'utf8')
  expect(status).toMatch(/^CLAIM: (\d+) of \1 checks passed;/)
  const summary = out.slice(out.indexOf('\nCLAIM'))
  expect(summary.split('\n').length).toBeLessThan(24)
  expect(summary).toContain(join(reports, 'STATUS-pvcheck.md'))
  const [id = ''] = await readdir(join(reports, 'evidence'))
  const { records, complete } = await readBundle(join(reports, 'evidence', id))
  expect(complete).toBe(true)
  expect(records.at(-1)?.body).toMatchObject({ kind: 'end', exit: 'pass' })
})

test('--json prints one document on standard output, and progress elsewhere', async () => {
  const { code, out, err } = await pvcheck('verify', '--config', config, '--reports', join(work, 'json'), '--json')
  expect(code, err).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ exit: 0, exitName: 'pass', troubles: [], skipped: [] })
  expect(err).toContain('✓ PV-')
})

test('a Swarm that does not answer ends blocked, with a STATUS that says so', async () => {
  const reports = join(work, 'unreachable')
  const elsewhere = join(work, 'unreachable.json')
  await writeFile(elsewhere, JSON.stringify({ target: { engine: 'unix:///nonexistent/docker.sock' } }))
  const { code, out } = await pvcheck('verify', '--config', elsewhere, '--reports', reports)
  expect(code, out).toBe(3)
  expect(await readFile(join(reports, 'STATUS-pvcheck.md'), 'utf8')).toMatch(/^CLAIM: 0 of \d+ checks passed;/)
  expect(out).toMatch(/‼ REACH_\w+/)
})

test('a missing service fails its checks, and the remedy is in the message', async () => {
  const reports = join(work, 'missing')
  const wanting = join(machine.dir, 'wanting.config.json')
  const given = JSON.parse(await readFile(config, 'utf8'))
  given.expect.controlPlane.push({ service: 'nobody_app' })
  await writeFile(wanting, JSON.stringify(given))
  const { code, out } = await pvcheck('verify', '--read-only', '--config', wanting, '--reports', reports)
  expect(code, out).toBe(1)
  expect(out).toMatch(/✗ PV-SVC-\d+ {2}nobody_app/)
  expect(out).toMatch(/remedy {2}\S/)
})

test.each([
  ['NETWORK_MISSING', 'nowhere', /no network of that name; the overlays are: /, /^Create it/],
  ['NETWORK_NOT_OVERLAY', 'docker_gwbridge', /driver bridge, scope local/, /^Set `expect.sharedNetwork.name`/],
])(
  '%s names what stands where the shared network was wanted, and what to do',
  async (errorCode, network, seen, remedy) => {
    const elsewhere = join(machine.dir, `${network}.config.json`)
    const given = JSON.parse(await readFile(config, 'utf8'))
    await writeFile(elsewhere, JSON.stringify({ ...given, expect: { sharedNetwork: { name: network } } }))
    const reports = join(work, network)
    const { code, out } = await pvcheck('verify', '--read-only', '--config', elsewhere, '--reports', reports, '--json')
    expect(code, out).toBe(1)
    const { findings } = JSON.parse(out)
    const [finding] = findings.filter(({ check }: { check: string }) => check === 'PV-NET-001')
    expect(finding).toMatchObject({ verdict: 'fail', code: errorCode, remedy: expect.stringMatching(remedy) })
    expect(finding.actual).toMatch(seen)
    expect(await readFile(join(reports, 'STATUS-pvcheck.md'), 'utf8')).toContain(errorCode)
  },
)

describe('secrets', () => {
  const canaries = {
    env: 'canary-env-7Kq2',
    label: 'canary-label-9Zw4',
    config: 'canary-config-3Xb8',
    known: 'canary-known-5Rt6',
    url: 'canary-url-1Hn0',
  }

  test('appear nowhere: not in evidence, STATUS, nor on the screen', async () => {
    await runOn(
      machine,
      [
        `printf %s '{"password":"${canaries.config}"}' | docker config create canary-config -`,
        `docker service create --quiet --detach --no-resolve-image --replicas 0 --name canary --network proxy` +
          ` --env API_TOKEN=${canaries.env} --label auth.password=${canaries.label} --label note=${canaries.known}` +
          ` --config canary-config pvcheck-lab/busybox:1 true`,
      ].join(' && '),
    )
    const reports = join(work, 'canaries')
    const knowing = join(machine.dir, 'knowing.config.json')
    const given = JSON.parse(await readFile(config, 'utf8'))
    await writeFile(knowing, JSON.stringify({ ...given, secretsFromEnv: ['PVT_KNOWN'] }))
    const args = ['verify', '--config', knowing, '--reports', reports]
    const { out, err } = await run(process.execPath, [join(root, 'bin', 'pvcheck.js'), ...args], {
      env: { PVT_KNOWN: canaries.known },
    })
    const everything = [out, err, await textsUnder(reports)].join('\n')
    // The service itself was seen, or the absence of its secrets would say nothing.
    expect(everything).toContain('canary-config')
    for (const secret of Object.values(canaries)) expect(everything).not.toContain(secret)
    await runOn(machine, 'docker service rm canary && docker config rm canary-config')
  })

  test('in an address are refused, and not repeated', async () => {
    const reports = join(work, 'address-canary')
    const wrong = join(machine.dir, 'wrong.config.json')
    const given = JSON.parse(await readFile(config, 'utf8'))
    given.target.engine = `ssh://root:${canaries.url}@lab`
    await writeFile(wrong, JSON.stringify(given))
    const { code, out, err } = await pvcheck('verify', '--config', wrong, '--reports', reports)
    expect(code, out + err).toBe(64)
    expect(out + err).not.toContain(canaries.url)
  })

  test('in what ssh says appear nowhere', async () => {
    const reports = join(work, 'ssh-canary')
    const wrong = join(machine.dir, 'ssh.config.json')
    const given = JSON.parse(await readFile(config, 'utf8'))
    const target = { ...given.target, engine: `ssh://${canaries.known}.invalid` }
    await writeFile(wrong, JSON.stringify({ ...given, target, secretsFromEnv: ['PVT_KNOWN'] }))
    const args = ['verify', '--config', wrong, '--reports', reports]
    const { code, out, err } = await run(process.execPath, [join(root, 'bin', 'pvcheck.js'), ...args], {
      env: { PVT_KNOWN: canaries.known },
    })
    expect(code, out + err).toBe(3)
    expect(out).toMatch(/‼ REACH_\w+/)
    expect([out, err, await textsUnder(reports)].join('\n')).not.toContain(canaries.known)
  })
})

test('Ctrl-C in mid-run ends with 130, an end in the evidence, STATUS, and no process left', async () => {
  const reports = join(work, 'interrupted')
  const args = [join(root, 'bin', 'pvcheck.js'), 'verify', '--config', config, '--reports', reports]
  const env = { ...process.env, VITEST: undefined, NODE_OPTIONS: undefined }
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env })
  const pid = child.pid ?? 0
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const seen = out.includes('✓ PV-')
    out += chunk.toString()
    if (!seen && out.includes('✓ PV-')) process.kill(-pid, 'SIGINT')
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code, out).toBe(130)
  expect(await readFile(join(reports, 'STATUS-pvcheck.md'), 'utf8')).toMatch(/^CLAIM: .*interrupted/)
  // The group is empty: neither a worker nor an ssh is left.
  expect(() => process.kill(-pid, 0)).toThrow('ESRCH')
})

test('a disk that fills up in mid-run ends with 7, and names what to do', async () => {
  const script = 'mount -t tmpfs -o size=64k none "$1" && exec "$2" "$3" verify --config "$4" --reports "$1"'
  const full = join(work, 'full')
  await mkdir(full)
  const command = join(root, 'bin', 'pvcheck.js')
  const args = ['-m', 'sh', '-c', script, 'sh', full, process.execPath, command, config]
  const { code, out, err } = await run('unshare', args)
  expect(code, out + err).toBe(7)
  expect(err).toContain('EVIDENCE_DISK_FULL')
  expect(err).toContain('Make room there')
})

test('a bare `npx vitest run` with a target configured runs the specs, and writes STATUS', async () => {
  const own = join(machine.dir, 'plain.config.json')
  const given = JSON.parse(await readFile(config, 'utf8'))
  await writeFile(own, JSON.stringify({ ...given, reports: { dir: join(work, 'plain') } }))
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { code, out, err } = await run(process.execPath, [vitest, 'run', '--project', 'specs'], {
    env: { PVCHECK_CONFIG: own, PVCHECK_LAB: undefined },
  })
  expect(code, out + err).toBe(0)
  expect(out).toContain('host-facts.spec.ts')
  expect(await readFile(join(work, 'plain', 'STATUS-pvcheck.md'), 'utf8')).toMatch(/^CLAIM: (\d+) of \1 checks passed;/)
})

test('a packed and globally installed pvcheck verifies from an empty folder', async () => {
  const prefix = join(work, 'prefix')
  const empty = join(work, 'empty')
  await mkdir(empty)
  const packed = await run('npm', ['pack', '--json', '--pack-destination', work])
  expect(packed.code, packed.err).toBe(0)
  const [tarball = ''] = (await readdir(work)).filter((file) => file.endsWith('.tgz'))
  const options = ['--no-audit', '--no-fund', '--prefer-offline']
  const installed = await run('npm', ['install', '-g', '--prefix', prefix, ...options, join(work, tarball)], {
    cwd: empty,
  })
  expect(installed.code, installed.err).toBe(0)
  const command = join(prefix, 'bin', 'pvcheck')
  const version = await run(command, ['--version'], { cwd: empty })
  expect(version.out).toContain(packageInfo().version)
  const verified = await run(command, ['verify', '--read-only', '--config', config, '--reports', 'machine-docs'], {
    cwd: empty,
  })
  expect(verified.code, verified.out + verified.err).toBe(0)
  expect(verified.out).toContain('status    machine-docs/STATUS-pvcheck.md')
  expect(await readdir(empty)).toEqual(['machine-docs'])
  const labs = await run(command, ['lab', 'status'], { cwd: empty })
  expect(labs.out).toContain(name)
}, 120_000)
