import { addressesOf, withoutPrefix } from '../../judge/address/task-state.ts'
import { services } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { markLabels } from '../../model/mark.ts'
import type { AskOptions, EngineReader } from '../../reach/engine/reader.ts'
import { listed } from '../remove/look.ts'
import type { Ground } from './ground.ts'

/** By the name of the network, without the prefix length. */
export type AddressesByNetwork = Readonly<Record<string, readonly string[]>>

type Names = Pick<Ground, 'networkNames'>

export function addressesIn(tasks: readonly Task[], { networkNames }: Names): AddressesByNetwork {
  const said = tasks.flatMap(({ NetworksAttachments }) =>
    (NetworksAttachments ?? []).map(({ Network }) => [Network.ID, Network.Spec?.Name || Network.ID] as const),
  )
  const names = new Map([...said, ...networkNames])
  return byName(tasks.flatMap(addressesOf), names)
}

/** What a service holds by itself, whatever becomes of its tasks. Throws `REMOVE_CANNOT_LOOK`. */
export async function vipsOf(
  serviceId: string,
  { run, reader, networkNames }: Names & { readonly run: string; readonly reader: EngineReader },
  options: AskOptions,
): Promise<AddressesByNetwork> {
  const filters = { label: [`${markLabels.run}=${run}`] }
  const all = listed(services, await reader.services({ ...options, filters }))
  const vips = all.find(({ ID }) => ID === serviceId)?.Endpoint?.VirtualIPs ?? []
  const held = vips.map(({ NetworkID, Addr }) => ({ networkId: NetworkID, address: withoutPrefix(Addr) }))
  return byName(
    held.filter(({ address }) => address !== ''),
    networkNames,
  )
}

function byName(
  held: readonly { readonly networkId: string; readonly address: string }[],
  names: ReadonlyMap<string, string>,
): AddressesByNetwork {
  const all: Record<string, string[]> = {}
  for (const { networkId, address } of held) {
    const name = names.get(networkId) ?? networkId
    all[name] = [...(all[name] ?? []), address]
  }
  return all
}
