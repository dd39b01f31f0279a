import { userInfo } from 'node:os'
import { Disposer } from '../core/disposer.ts'
import { PvcheckError } from '../core/errors.ts'
import type { TargetAddress } from '../model/address.ts'
import { labelOf } from '../model/address.ts'
import { attachOver } from './attach.ts'
import { contact, type Engine } from './engine/contact.ts'
import { loadDockerode } from './engine/dockerode.ts'
import type { EngineLink } from './engine/link.ts'
import { createReader } from './engine/read.ts'
import { explainTunnel } from './engine/socket-probe.ts'
import { engineGone, engineTimeout, explainSocket, explainTcp } from './engine/trouble.ts'
import { watchEngine } from './engine/watch.ts'
import { type EngineWay, wayTo } from './engine/way.ts'
import { proveCluster } from './known-swarms.ts'
import { isSameHost } from './same-host.ts'
import { isMasterAlive } from './ssh/lost.ts'
import { openMaster, type SshMaster } from './ssh/master.ts'
import { createRemoteRunner } from './ssh/remote.ts'
import { managedSwarm, proveQuorum } from './swarm.ts'
import type { Connection, ConnectionHandle } from './target.ts'

interface Masters {
  readonly engine: SshMaster | undefined
  readonly host: SshMaster | undefined
}

/**
 * Opens the way to a target and proves, in this order: the host resolves and lets us in, its key is known, the socket
 * is ours to use, a Docker engine answers, it manages a Swarm with a leader, and it is the Swarm it was before.
 * Throws a `PvcheckError` with a code of its own for each, and leaves nothing behind then.
 */
export async function connect(
  address: TargetAddress,
  options: { signal: AbortSignal; stateDir: string },
): Promise<Connection> {
  const disposer = new Disposer()
  try {
    return await open(address, options, disposer)
  } catch (error) {
    throw await disposer.disposeAfter(error)
  }
}

async function open(
  address: TargetAddress,
  { signal, stateDir }: { signal: AbortSignal; stateDir: string },
  disposer: Disposer,
): Promise<Connection> {
  const { engine, timeoutMs } = address
  const label = labelOf(address)
  const opening = openMasters(address, signal, disposer)
  // A failure comes again, and is heard, where it is needed.
  loadDockerode().catch(() => undefined)
  const masters = await opening
  const tunnelSocket =
    engine.kind === 'ssh' && masters.engine ? await masters.engine.forward(engine.socketPath, signal) : undefined
  const way = wayTo(engine, tunnelSocket)
  const found = await firstContact(address, way, masters.engine, signal)
  const lost = new AbortController()
  for (const master of new Set([masters.engine, masters.host])) {
    if (master !== undefined) passOn(master.signal, lost)
  }
  const link: EngineLink = {
    way,
    label,
    apiVersion: found.apiVersion,
    timeoutMs,
    signal: lost.signal,
    ...(masters.engine === undefined ? {} : { master: masters.engine }),
  }
  // Before anything else is asked, so that all answers come from one and the same dockerd.
  const watch = await watchEngine(link, () => void reportEnd(link, lost), signal)
  disposer.defer(() => watch?.close())
  const reader = createReader(link)
  const { cluster, node } = managedSwarm(await reader.info({ signal }), label)
  proveQuorum(await reader.nodes({ signal }), label)
  // Under another ssh_config the same name may be another host.
  const known = address.sshConfigPath === undefined ? label : `${label} by ${address.sshConfigPath}`
  await proveCluster({ label: known, cluster }, { cluster: address.cluster, stateDir })
  const handle: ConnectionHandle = {
    address,
    apiVersion: found.apiVersion,
    fingerprint: { cluster, node, engine: `${found.version} (API ${found.apiVersion})` },
    ...(tunnelSocket === undefined ? {} : { tunnelSocket }),
    ...(masters.engine === undefined ? {} : { engineMaster: handleOf(masters.engine) }),
    ...(masters.host === undefined ? {} : { hostMaster: handleOf(masters.host) }),
  }
  return {
    target: attachOver(handle, way, lost.signal),
    handle,
    signal: lost.signal,
    [Symbol.asyncDispose]: () => disposer.dispose(),
  }
}

function handleOf({ controlPath, destination }: SshMaster): { controlPath: string; destination: string } {
  return { controlPath, destination }
}

/** Aborts `to` with the reason of `from`, now or later. */
function passOn(from: AbortSignal, to: AbortController): void {
  if (from.aborted) to.abort(from.reason)
  else from.addEventListener('abort', () => to.abort(from.reason), { once: true })
}

/** One connection where engine and host are the same, as they nearly always are. */
async function openMasters(address: TargetAddress, signal: AbortSignal, disposer: Disposer): Promise<Masters> {
  const { engine, host, sshConfigPath, timeoutMs } = address
  const opened = async (to: { destination: string; port?: number | undefined }) => {
    const master = await openMaster({ ...to, sshConfigPath }, { timeoutMs, signal })
    disposer.defer(() => master.close())
    return master
  }
  const engineMaster = engine.kind === 'ssh' ? await opened(engine) : undefined
  if (host.kind !== 'ssh') return { engine: engineMaster, host: undefined }
  if (isSameHost(engine, host)) return { engine: engineMaster, host: engineMaster }
  return { engine: engineMaster, host: await opened(host) }
}

async function firstContact(
  address: TargetAddress,
  way: EngineWay,
  master: SshMaster | undefined,
  signal: AbortSignal,
): Promise<Engine> {
  const { engine, timeoutMs } = address
  const label = labelOf(address)
  const deadline = AbortSignal.timeout(timeoutMs)
  const lost = master === undefined ? [] : [master.signal]
  try {
    return await contact(way, label, AbortSignal.any([deadline, signal, ...lost]))
  } catch (error) {
    signal.throwIfAborted()
    for (const gone of lost) gone.throwIfAborted()
    if (deadline.aborted) throw engineTimeout('GET /version', label, timeoutMs, 'blocked')
    if (error instanceof PvcheckError) throw error
    if (engine.kind === 'tcp') throw explainTcp(label, error)
    if (master === undefined) throw explainSocket(label, error, userInfo().username)
    const host = createRemoteRunner({ ...master, timeoutMs })
    throw await explainTunnel(host, engine.socketPath, label, { sshSaid: master.stderr, error, signal })
  }
}

/** The watch ended: with the ssh connection, which then says so itself, or with dockerd. */
async function reportEnd(link: EngineLink, lost: AbortController): Promise<void> {
  if (link.master !== undefined && !(await isMasterAlive(link.master.controlPath))) return
  lost.abort(engineGone(link.label, 'dockerd stopped or was restarted'))
}
