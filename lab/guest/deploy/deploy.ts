import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../../harness/core/errors.ts'
import { replaceFile } from '../../../harness/core/file.ts'
import { pollUntil } from '../../../harness/core/poll.ts'
import { execOn, type LabMachine, runOn } from '../../host/machine.ts'
import { stacksFolder } from '../host-files/host-files.ts'
import { recreateSharedNetwork, suffer } from './incident.ts'
import { faultOf, probe } from './probe.ts'
import { type LabRoute, labHosts, labRoutes, labStacks } from './routes.ts'

export interface DeployOptions {
  readonly beforeFix: boolean
  /** The shared network leaked full, and an app that waits for it. */
  readonly incident?: boolean
  /** How often the router polls; Traefik's own default is 15 s. */
  readonly refreshMs: number
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
}

/** The name, in the lab's folder, of its CA's root certificate. */
export const rootCaFile = 'root-ca.crt'

/** The name, in the lab's folder, of the token that its CI server takes. */
export const ciTokenFile = 'ci-token'

const rootOnHost = '/srv/lab/caddy-data/caddy/pki/authorities/local/root.crt'
const secretOnHost = '/var/lib/ci-secrets/bridge_drone_token'

/**
 * Makes the host a Swarm, by its own unit, with the shared network and the five stacks on it, and returns when every
 * route answers over TLS from outside. Throws LAB_COMMAND_FAILED or WAIT_TIMED_OUT with what was still wrong.
 */
export async function deployControlPlane(machine: LabMachine, options: DeployOptions): Promise<void> {
  const { signal, timeoutMs = 60_000 } = options
  const run = { timeoutMs, ...(signal === undefined ? {} : { signal }) }
  const token = randomBytes(24).toString('hex')
  await replaceFile(join(machine.dir, ciTokenFile), `${token}\n`, 0o600)
  await runOn(machine, setUp(machine.address, options), { ...run, stdin: token })
  const ca = await copyRoot(machine, options)
  await waitForRoutes(machine.address, ca, options)
  if (options.incident === true) await suffer(machine, signal)
}

/** Shell commands that deploy the stacks, all at once; they fail when one of them fails. */
export function deployStacks(names: readonly string[], refreshMs: number): string {
  const stacks = names.map(
    (name) =>
      `docker stack deploy --resolve-image never --compose-file ${stacksFolder}/${name}.yml ${name} & pids="$pids $!"`,
  )
  const dialTimeoutMs = refreshMs < 15_000 ? 3000 : 30_000
  return `export REFRESH_MS=${refreshMs} DIAL_TIMEOUT_MS=${dialTimeoutMs} POLL_INTERVAL_MS=${pollIntervalMs(refreshMs)}
pids=
${stacks.join('\n')}
for pid in $pids; do wait "$pid"; done
`
}

/** How often the bridge polls: in a lab in a hurry it hurries, too. */
export function pollIntervalMs(refreshMs: number): number {
  return refreshMs < 15_000 ? 2000 : 30_000
}

/** One shell for all of it: the token on stdin, the address in a file that the Swarm's unit reads at each start. */
function setUp(address: string, options: DeployOptions): string {
  return `set -eu
echo SWARM_ADDRESS=${address} > /etc/swarm-init.env
echo ${address} ${labHosts.join(' ')} >> /etc/hosts
mkdir -p -m 0700 ${secretOnHost.replace(/\/[^/]*$/, '')}
(umask 077; cat > ${secretOnHost})
systemd-tmpfiles --create /etc/tmpfiles.d/ci-host.conf
systemctl start swarm-init.service
${options.incident === true ? recreateSharedNetwork : ''}
docker secret create ccci-bridge_drone_token_v1 ${secretOnHost} > /dev/null
${deployStacks(Object.keys(labStacks), options.refreshMs)}`
}

/** Caddy makes its CA when it first starts. */
async function copyRoot(machine: LabMachine, { signal, timeoutMs = 60_000 }: DeployOptions): Promise<string> {
  const certificate = await pollUntil(
    async () => {
      const { exitCode, stdout, stderr } = await execOn(machine, `cat ${rootOnHost}`)
      const whole = exitCode === 0 && stdout.includes('END CERTIFICATE')
      return whole ? { done: true, value: stdout } : { done: false, state: stderr.trim() }
    },
    { what: "the lab's root certificate", timeoutMs, intervalMs: 50, ...(signal === undefined ? {} : { signal }) },
  )
  await writeFile(join(machine.dir, rootCaFile), certificate)
  return certificate
}

/** Returns when every route gives its own answer. Throws WAIT_TIMED_OUT with those that do not. */
export async function waitForRoutes(
  address: string,
  ca: string,
  options: {
    readonly signal?: AbortSignal | undefined
    readonly timeoutMs?: number
    readonly routes?: readonly LabRoute[]
  },
): Promise<void> {
  const routes = options.routes ?? labRoutes
  await pollUntil<true>(
    async (signal) => {
      const checks = routes.map(async (route) => {
        try {
          return faultOf(route, await probe(route.host, route.path, { address, ca, signal }))
        } catch (error) {
          return `https://${route.host}${route.path}: ${messageOf(error)}`
        }
      })
      const faults = (await Promise.all(checks)).filter((fault) => fault !== undefined)
      return faults.length === 0 ? { done: true, value: true } : { done: false, state: faults.join('; ') }
    },
    {
      what: 'every route to answer',
      timeoutMs: options.timeoutMs ?? 60_000,
      intervalMs: 50,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  )
}
