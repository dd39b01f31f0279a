import { z } from 'zod'
import type { Fact } from '../../model/fact.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { AskOptions } from '../../reach/engine/reader.ts'
import { decode } from '../decode.ts'
import type { AskEngine } from './ask-engine.ts'
import { eachNetwork } from './each-network.ts'

const subnet = z.object({ IPsInUse: z.number(), DynamicIPsAvailable: z.number() })

interface Status {
  readonly Status?:
    | {
        readonly IPAM?:
          | { readonly Subnets?: Readonly<Record<string, z.infer<typeof subnet>>> | null | undefined }
          | null
          | undefined
      }
    | null
    | undefined
}

/** Other drivers than the engine's own tell nothing here. */
export const networkStatus: Fact<Status> = {
  name: 'network-status',
  what: "what the Swarm's allocator counts on a network",
  schema: z.object({
    Status: z.object({ IPAM: z.object({ Subnets: z.record(z.string(), subnet).nullish() }).nullish() }).nullish(),
  }),
}

/** Whether a request as it was made, `GET /v1.52/networks`, is of a version in which the engine counts. */
export function tellsCounts(what: string): boolean {
  const [, major = '0', minor = '0'] = /\/v(\d+)\.(\d+)\//.exec(what) ?? []
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 52)
}

/**
 * What the leader's allocator counts, by network and subnet. Asked by the beginning of the id: by its full id an engine
 * that has the network itself counts its own addresses, and by name engines up to 29.7 answer 404 for every network
 * while any other is unallocated.
 */
export async function readCounts(
  ask: AskEngine,
  networks: readonly Network[],
  options: AskOptions,
): Promise<AddressReading['counts']> {
  const overlays = networks.filter(({ Scope, Driver }) => Scope === 'swarm' && Driver === 'overlay')
  const found = await eachNetwork(overlays, async ({ Id }) => {
    const prefix = Id.slice(0, -1)
    const body = await ask(`/networks/${prefix}`, (engine) => engine.network(prefix, options))
    return [Id, countsIn(decode(networkStatus, body))] as const
  })
  return Object.fromEntries(found.flatMap(([id, counts]) => (counts === undefined ? [] : [[id, counts] as const])))
}

/** Undefined where the engine does not tell. */
export function countsIn({ Status }: Status): AddressReading['counts'][string] | undefined {
  const subnets = Object.entries(Status?.IPAM?.Subnets ?? {})
  if (subnets.length === 0) return undefined
  return Object.fromEntries(
    subnets.map(([cidr, { IPsInUse, DynamicIPsAvailable }]) => [cidr, { inUse: IPsInUse, free: DynamicIPsAvailable }]),
  )
}
