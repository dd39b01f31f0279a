import { formatAddress } from '../../../judge/address/cidr.ts'
import { judgeCensus } from '../../../judge/address/judge-census.ts'
import type { NetworkCensus } from '../../../judge/address/network-census.ts'
import { addressesIn, parseStretches, without } from '../../../judge/address/stretches.ts'
import { censusSchema } from '../../../model/census.ts'
import { type AddressCensus, addressCensus, type Walk } from '../../../model/facts/addresses/census.ts'
import { networks } from '../../../model/facts/networks.ts'
import type { Connection } from '../../../reach/target.ts'
import { listed } from '../../remove/look.ts'
import { actingHand } from '../../stack/testing/acting-hand.ts'
import type { CensusParts } from '../census-parts.ts'
import { takeCensus } from '../take-census.ts'

export interface LabCensus {
  readonly census: AddressCensus
  readonly walk: Walk
  /** Throws where no reading has the network. */
  readonly judged: () => NetworkCensus
  /** What of the run is not closed in its file. */
  readonly open: readonly string[]
}

type Given = Partial<Omit<CensusParts, 'settings'>> & { readonly settings?: Readonly<Record<string, unknown>> }

/** Takes a census of one network of a practice host, by a run of its own. */
export async function censusOf(
  connection: Connection,
  stateDir: string,
  network: string,
  given: Given = {},
): Promise<LabCensus> {
  const all = listed(networks, await connection.target.engine.networks())
  const id = all.find(({ Name }) => Name === network)?.Id ?? network
  await using acting = await actingHand(connection.handle, stateDir)
  const { settings, ...rest } = given
  const census = addressCensus.schema.parse(
    await takeCensus({
      ...{ hand: acting.hand, host: connection.target.host, networks: [id], signal: new AbortController().signal },
      publish: { from: 28_100, to: 28_199 },
      ...rest,
      settings: censusSchema.parse(settings ?? {}),
    }),
  )
  const [walk] = census.walks
  if (walk === undefined) throw new Error('no walk')
  return { census, walk, judged: () => judgeCensus(census, id), open: await acting.open() }
}

/** What the last lap went by and was not given. */
export function inUse({ laps }: Walk): readonly string[] {
  const last = laps.at(-1)
  if (last === undefined) throw new Error('no lap')
  return addressesIn(without(parseStretches(last.walked), parseStretches(last.offered))).map(formatAddress)
}
