import { PvcheckError } from '../../core/errors.ts'
import { freePorts, takenPorts } from '../../judge/preflight/free-ports.ts'
import type { Service } from '../../model/facts/services.ts'
import type { CensusParts } from './census-parts.ts'

/** Ports for canaries on `ingress`, of those that nobody had when the walk began. */
export interface CanaryPorts {
  /** How many there are. */
  readonly count: number
  /** So many, or all there are; not those that were taken last, for the Swarm may not be done with them. */
  take(count: number): readonly number[]
  /** Somebody was faster, says the engine: what it names is not tried again. */
  avoid(refusal: unknown): void
}

export function createCanaryPorts(publish: CensusParts['publish'], services: readonly Service[]): CanaryPorts {
  const span = publish.to - publish.from + 1
  let free = [...freePorts(publish, takenPorts(services), span)]
  return {
    get count() {
      return free.length
    },
    take(count) {
      const taken = free.slice(0, count)
      free = [...free.slice(count), ...taken]
      return taken
    },
    avoid(refusal) {
      const port = portIn(refusal)
      free = free.filter((candidate) => candidate !== port)
    },
  }
}

/** `port '28100' is already in use by service 'web' (...) as an ingress port`. */
export function isPortTaken(error: unknown): boolean {
  return portIn(error) !== undefined
}

function portIn(error: unknown): number | undefined {
  if (!(error instanceof PvcheckError) || error.code !== 'CREATE_REFUSED') return undefined
  const port = /port '(\d+)' is already in use/.exec(error.seen)?.[1]
  return port === undefined ? undefined : Number(port)
}
