import type { Network } from '../../model/facts/networks.ts'
import type { CarefulHand } from '../hand/careful.ts'
import type { Batch } from './batch.ts'
import type { CanaryPorts } from './canary-ports.ts'
import { isPortTaken } from './canary-ports.ts'
import { type CanarySpec, ingressCanary, vipCanary } from './canary-specs.ts'
import type { Keeper, Listed } from './keeper.ts'
import { untilGiven } from './until-given.ts'

export interface ServicesParts {
  readonly hand: CarefulHand
  readonly keeper: Keeper
  readonly network: Pick<Network, 'Id' | 'Ingress'>
  readonly ports: CanaryPorts
}

/** Services without replicas, with one virtual address each. */
export async function askServices(
  { hand, keeper, network, ports }: ServicesParts,
  count: number,
  signal: AbortSignal,
): Promise<Batch> {
  const specs = network.Ingress
    ? ports.take(count).map((port) => ingressCanary(hand.run, keeper.number(), port))
    : Array.from({ length: count }, () => vipCanary(hand.run, keeper.number(), network.Id))
  const created = await createAll(specs, { keeper, ports }, signal)
  let listed: readonly Listed[] = []
  const isShort = await untilGiven(
    async (stop) => {
      listed = await keeper.list(stop)
      return listed.filter(({ vips }) => vips.has(network.Id)).length
    },
    { wanted: created },
    signal,
  )
  const addresses = listed.flatMap(({ vips }) => vips.get(network.Id) ?? [])
  // What the list has just shown to be ours need not be read again; where it did not show all, it is read again.
  await keeper.release(listed.length === created ? listed : undefined)
  return { addresses, creates: created, isShort }
}

/** How many came to be. Throws the first failure that is no taken port. */
async function createAll(
  specs: readonly CanarySpec[],
  { keeper, ports }: Pick<ServicesParts, 'keeper' | 'ports'>,
  signal: AbortSignal,
): Promise<number> {
  const attempted = await keeper.create(specs, signal)
  const failed = attempted.filter(({ id }) => id === undefined)
  for (const { error } of failed) {
    if (!isPortTaken(error)) throw error
    ports.avoid(error)
  }
  return attempted.length - failed.length
}
