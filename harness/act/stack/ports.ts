import { PvcheckError } from '../../core/errors.ts'
import { freePorts, takenPorts } from '../../judge/preflight/free-ports.ts'
import { services } from '../../model/facts/services.ts'
import type { Throwaway } from '../../model/throwaway.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import { listed } from '../remove/look.ts'

/** Ports of the configured range, each given to one stack at a time. */
export interface Ports {
  /** One that by a fresh list no service publishes. Throws `STACK_NO_PORT` where the range has none left. */
  take(signal: AbortSignal): Promise<number>
  /** Somebody else has it, says the engine: it is not tried again. */
  avoid(port: number): void
  giveBack(port: number): void
}

export function createPorts(
  reader: EngineReader,
  { from, to }: Pick<Throwaway['publish'], 'from' | 'to'>,
  listening: readonly number[] = [],
): Ports {
  const ours = new Set<number>()
  const avoided = new Set<number>(listening)
  let last = from - 1
  return {
    take: async (signal) => {
      const taken = new Map(takenPorts(listed(services, await reader.services({ signal })), [...avoided, ...ours]))
      const free = freePorts({ from, to }, taken, to - from + 1)
      // Not the one that was given back last: the Swarm may not be done with it.
      const port = free.find((candidate) => candidate > last) ?? free[0]
      if (port === undefined) throw noPort(from, to)
      ours.add(port)
      last = port
      return port
    },
    avoid: (port) => {
      avoided.add(port)
    },
    giveBack: (port) => {
      ours.delete(port)
    },
  }
}

function noPort(from: number, to: number): PvcheckError {
  return new PvcheckError({
    code: 'STACK_NO_PORT',
    seen: `all ports from ${from} to ${to} are taken`,
    wanted: 'a port to publish for each throwaway stack that is there at once',
    remedy: 'Widen `expect.throwaway.publish`, or have fewer stacks at once.',
    exit: 'blocked',
  })
}
