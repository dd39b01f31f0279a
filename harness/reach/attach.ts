import { labelOf, type TargetAddress } from '../model/address.ts'
import { httpAddressSchema } from '../model/http.ts'
import type { EngineLink } from './engine/link.ts'
import { createReader } from './engine/read.ts'
import { type EngineWay, wayTo } from './engine/way.ts'
import { createLocalRunner } from './host/local.ts'
import type { HostRunner } from './host/runner.ts'
import { createHttp } from './http/client.ts'
import { isSameHost } from './same-host.ts'
import { createRemoteRunner } from './ssh/remote.ts'
import type { ConnectionHandle, Target } from './target.ts'

/** The target of a connection that another process holds open; nothing is proven again. */
export function attach(handle: ConnectionHandle): Target {
  return attachOver(handle, wayTo(handle.address.engine, handle.tunnelSocket))
}

/** The same over a way that is open already; `signal` aborts when it is lost. */
export function attachOver(handle: ConnectionHandle, way: EngineWay, signal?: AbortSignal): Target {
  const lost = signal === undefined ? {} : { signal }
  return {
    label: labelOf(handle.address),
    fingerprint: handle.fingerprint,
    engine: createReader({ ...linkOf(handle, way), ...lost }),
    host: hostOf(handle, lost),
    http: createHttp(handle.address.http ?? httpAddressSchema.parse({})),
  }
}

/** What requests to the engine of a connection need. */
export function linkOf({ address, apiVersion, engineMaster }: ConnectionHandle, way: EngineWay): EngineLink {
  return {
    way,
    label: labelOf(address),
    apiVersion,
    timeoutMs: address.timeoutMs,
    ...(engineMaster === undefined ? {} : { master: engineMaster }),
  }
}

function hostOf(
  handle: ConnectionHandle,
  lost: { signal?: AbortSignal },
): HostRunner | { readonly unavailable: string } {
  const { address, hostMaster } = handle
  const { host, timeoutMs } = address
  if (host.kind === 'none') return { unavailable: host.reason }
  const dockerHost = dockerHostOf(address)
  if (hostMaster !== undefined) return createRemoteRunner({ ...hostMaster, timeoutMs, dockerHost, ...lost })
  return createLocalRunner({ timeoutMs, dockerHost })
}

/** The engine as the docker CLI on the host sees it: known only where commands run beside it. */
function dockerHostOf({ engine, host }: TargetAddress): string | undefined {
  if (engine.kind === 'tcp') return undefined
  const beside = engine.kind === 'unix' ? host.kind === 'local' : isSameHost(engine, host)
  return beside ? `unix://${engine.socketPath}` : undefined
}
