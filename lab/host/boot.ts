import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { messageOf, PvcheckError } from '../../harness/core/errors.ts'
import { pollUntil } from '../../harness/core/poll.ts'
import { createCgroups, systemdManages } from './cgroup.ts'
import { findLeader } from './leader.ts'
import { markOf } from './marked.ts'
import { namespaceFile } from './network.ts'
import type { LabRecord } from './record.ts'

export const rootFolder = 'root'
export const dockerFolder = 'docker'
const consoleFile = 'console.log'
const attemptMs = 2000

/** `$1` the cgroup of the process tree, then cgroups to enter, then `--` and a command. Ends at the first that is gone. */
const keeper = `
tree=$1; shift
while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done; shift
# Beside the host, not above it: a cgroup2 group with a process in it cannot hand controllers on.
mkdir "$tree/keeper"; echo $$ >"$tree/keeper/cgroup.procs"
while :; do
  status=0
  sh -euc 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' sh "$tree" "$@" || status=$?
  # With --keep-unit systemd-nspawn leaves a reboot of the host to whoever started it, and says so by this code.
  [ "$status" = 133 ] || exit "$status"
done
`

export interface BootOptions {
  readonly signal?: AbortSignal | undefined
  /** Read-only binds, outside path to inside path. */
  readonly binds?: Readonly<Record<string, string>>
}

/** Boots the mounted root file system as a host of its own, and waits until ssh and the Docker engine answer. */
export async function boot(dir: string, record: LabRecord, options: BootOptions = {}): Promise<void> {
  const launch = await launchCommand(dir, record, options.binds ?? {})
  const output = openSync(join(dir, consoleFile), 'a', 0o600)
  const [file = 'sh', ...args] = launch
  // A session of its own: the host outlives this process, and a Ctrl-C is not for it.
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...nspawnEnvironment, ...markOf(record.id) },
  })
  closeSync(output)
  child.unref()
  const ended = new AbortController()
  child.once('error', (error) => ended.abort(error))
  child.once('exit', (code, killer) => ended.abort(new Error(`systemd-nspawn ended with ${killer ?? code}`)))
  const signals = options.signal === undefined ? [ended.signal] : [ended.signal, options.signal]
  try {
    await untilReady(record, AbortSignal.any(signals))
  } catch (error) {
    options.signal?.throwIfAborted()
    const log = await readFile(join(dir, consoleFile), 'utf8').catch(() => '')
    throw new PvcheckError({
      code: 'LAB_BOOT_FAILED',
      seen: `${record.name} did not come up: ${messageOf(error)}; its console: ${log.trim().slice(-1500) || 'empty'}`,
      wanted: 'a booted host whose ssh and Docker engine answer',
      remedy: 'Look at the console lines; the host has been removed again.',
      exit: 'blocked',
      cause: error,
    })
  }
}

/**
 * cgroup2 inside, writable, on every machine: systemd needs no legacy mode then, and Docker uses the systemd driver.
 * On a machine with cgroup v1 that cgroup2 has no controllers, so limits have no effect there.
 */
const nspawnEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1',
  SYSTEMD_NSPAWN_API_VFS_WRITABLE: '1',
}

/** The argv of the process that keeps the host running, in cgroups of its own. */
async function launchCommand(
  dir: string,
  record: LabRecord,
  binds: Readonly<Record<string, string>>,
): Promise<string[]> {
  const tree = record.cgroups.find((cgroup) => cgroup.tree)?.path ?? ''
  const keep = (enter: readonly string[]) => [
    'sh',
    '-euc',
    keeper,
    'sh',
    tree,
    ...enter,
    '--',
    ...nspawnCommand(dir, record, binds),
  ]
  if (systemdManages()) {
    const scope = ['--scope', '--quiet', '--collect', `--unit=${record.id}`, '--slice=system.slice']
    scope.push(`--description=practice host ${record.name} of pvcheck`)
    return ['systemd-run', ...scope, '--property=Delegate=yes', '--', ...keep([])]
  }
  await createCgroups(record.cgroups)
  return keep(record.cgroups.map(({ path }) => path))
}

function nspawnCommand(dir: string, record: LabRecord, binds: Readonly<Record<string, string>>): string[] {
  return [
    ...['systemd-nspawn', '--boot', '--quiet', '--resolv-conf=off', '--timezone=off', '--link-journal=no'],
    ...[
      `--directory=${join(dir, rootFolder)}`,
      `--machine=${record.id}`,
      `--hostname=${record.name}`,
      '--register=no',
      '--keep-unit',
    ],
    ...[`--network-namespace-path=${namespaceFile(dir)}`, '--capability=all'],
    '--system-call-filter=@keyring bpf add_key keyctl perf_event_open',
    // A plain folder: Docker's overlay2 does not work on an overlay.
    `--bind=${join(dir, dockerFolder)}:/var/lib/docker`,
    ...Object.entries(binds).map(([outside, inside]) => `--bind-ro=${outside}:${inside}`),
  ]
}

async function untilReady(record: LabRecord, signal: AbortSignal): Promise<void> {
  await pollUntil(
    async () => {
      const leader = await findLeader(record)
      if (leader === undefined) return { done: false, state: 'no process 1 yet' }
      await sshBanner(record.address)
      await dockerPing(`/proc/${leader}/root/run/docker.sock`)
      return { done: true, value: undefined }
    },
    { what: `ssh and the Docker engine of ${record.name} to answer`, timeoutMs: 60_000, intervalMs: 20, signal },
  )
  signal.throwIfAborted()
}

async function sshBanner(address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: address, port: 22, timeout: attemptMs })
    socket.once('data', (data) => {
      socket.destroy()
      if (data.toString().startsWith('SSH-2.0')) resolve()
      else reject(new Error('port 22 answers, but not as ssh'))
    })
    socket.once('timeout', () => socket.destroy(new Error('ssh: no banner')))
    socket.once('error', (error) => reject(new Error(`ssh: ${messageOf(error)}`)))
    socket.once('close', () => reject(new Error('ssh: closed')))
  })
}

async function dockerPing(socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const ping = request({ socketPath, path: '/_ping', timeout: attemptMs }, (response) => {
      response.resume()
      if (response.statusCode === 200) resolve()
      else reject(new Error(`docker: /_ping answers ${response.statusCode}`))
    })
    ping.once('timeout', () => ping.destroy(new Error('no answer')))
    ping.once('error', (error) => reject(new Error(`docker: ${messageOf(error)}`)))
    ping.end()
  })
}

/** The folders a host's root is stacked from. */
export async function createFolders(dir: string): Promise<{ root: string; upper: string; work: string }> {
  const [root, upper, work] = [join(dir, rootFolder), join(dir, 'upper'), join(dir, 'work')]
  for (const folder of [root, upper, work, join(dir, dockerFolder)]) await mkdir(folder, { recursive: true })
  return { root, upper, work }
}
