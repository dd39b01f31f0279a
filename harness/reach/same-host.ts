import type { EngineAddress, HostAddress } from '../model/address.ts'

/** Whether commands run over the very ssh connection that leads to the engine. */
export function isSameHost(engine: EngineAddress, host: HostAddress): boolean {
  if (engine.kind !== 'ssh' || host.kind !== 'ssh') return false
  return host.destination === engine.destination && host.port === engine.port
}
