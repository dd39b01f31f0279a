import { PvcheckError } from '../../core/errors.ts'
import type { Throwaway } from '../../model/throwaway.ts'
import type { CarefulHand } from '../hand/careful.ts'
import type { Ground } from './ground.ts'
import type { Ports } from './ports.ts'
import { namesOf, networkSpec, type StackNames, serviceSpec } from './stack-spec.ts'

/** What of a stack has been created so far; kept up as it comes about, so that a failure in the middle loses nothing. */
export interface Created {
  readonly names: StackNames
  networkId?: string
  serviceId?: string
  port?: number
  /** Whether something may be there, or come, of which no id is known. */
  isUncertain: boolean
}

export function nothingYet(run: string, number: number): Created {
  return { names: namesOf(run, number), isUncertain: false }
}

export interface LaunchParts {
  readonly hand: CarefulHand
  readonly ground: Ground
  readonly throwaway: Throwaway
  readonly ports: Ports
  readonly signal: AbortSignal
}

/** How often another port is tried where somebody was faster. */
const maxTries = 5

/**
 * Asks for the network and the service of a stack. Throws what the hand throws, and `STACK_NO_PORT`; what was created
 * until then is in `created`.
 */
export async function launch(created: Created, parts: LaunchParts): Promise<void> {
  const { hand, ground, throwaway, signal } = parts
  const { names } = created
  const create = (kind: 'network' | 'service', spec: { readonly Name: string }): Promise<string> =>
    hand.create(kind, { ...spec }, { signal }).catch((error: unknown) => {
      created.isUncertain ||= !isNothingMade(error)
      throw error
    })
  const networkId = await create('network', networkSpec(names))
  created.networkId = networkId
  created.serviceId = await onFreePort(created, parts, (port) =>
    create('service', serviceSpec(names, ground, throwaway, { networkId, port })),
  )
}

async function onFreePort(
  created: Created,
  { ports, signal }: LaunchParts,
  create: (port: number) => Promise<string>,
): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const port = await ports.take(signal)
    created.port = port
    try {
      return await create(port)
    } catch (error) {
      ports.giveBack(port)
      delete created.port
      if (!isPortTaken(error) || tries === maxTries) throw error
      ports.avoid(port)
    }
  }
}

/** `port '28100' is already in use by service 'web' (...) as an ingress port`. */
function isPortTaken(error: unknown): boolean {
  return (
    error instanceof PvcheckError && error.code === 'CREATE_REFUSED' && /port '\d+' is already in use/.test(error.seen)
  )
}

/**
 * Errors of a hand that has sent nothing, or was refused by an engine that made nothing. A line that could not be written
 * is none of them: it may be the one that says that it was created.
 */
function isNothingMade(error: unknown): boolean {
  if (!(error instanceof PvcheckError)) return false
  if (error.code === 'CREATE_REFUSED') return !error.seen.includes('may be created all the same')
  return error.code === 'LOCK_LOST' || error.code === 'JANITOR_GONE'
}
