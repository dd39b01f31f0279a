import { z } from 'zod'
import { isLive, withoutPrefix } from '../../judge/address/task-state.ts'
import type { Fact } from '../../model/fact.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { AskOptions } from '../../reach/engine/reader.ts'
import { decode } from '../decode.ts'
import type { AskEngine } from './ask-engine.ts'
import { eachNetwork } from './each-network.ts'
import type { SmallLists } from './small-lists.ts'

const inspected: Fact<Inspected> = {
  name: 'network-on-the-node',
  what: 'a network as the node that was asked has it',
  schema: z.object({
    Containers: z
      .record(z.string(), z.object({ IPv4Address: z.string().default(''), IPv6Address: z.string().default('') }))
      .nullish(),
  }),
}
interface Inspected {
  readonly Containers?:
    | Readonly<Record<string, { readonly IPv4Address: string; readonly IPv6Address: string }>>
    | null
    | undefined
}

/**
 * The load balancers of the node that was asked. By its full id an engine answers with the network as it has it itself,
 * its own endpoints included; only networks that something on this node uses are asked for.
 */
export async function readBalancers(
  ask: AskEngine,
  { networks, tasks, attached }: SmallLists,
  nodeId: string,
  options: AskOptions,
): Promise<AddressReading['balancers']> {
  const own = [...tasks, ...attached].filter((task) => task.NodeID === nodeId && isLive(task))
  const used = new Set(
    own.flatMap(({ NetworksAttachments }) => NetworksAttachments ?? []).map(({ Network }) => Network.ID),
  )
  const asked = networks.filter(({ Id, Scope, Ingress }) => Scope === 'swarm' && (Ingress || used.has(Id)))
  const found = await eachNetwork(asked, async ({ Id }) => {
    const body = await ask(`/networks/${Id}`, (engine) => engine.network(Id, options))
    const address = balancerIn(decode(inspected, body))
    return address === undefined ? [] : [{ networkId: Id, nodeId, address }]
  })
  return found.flat()
}

/** Other endpoints are known by the ids of their containers, which are hexadecimal. */
function balancerIn({ Containers }: Inspected): string | undefined {
  const entry = Object.entries(Containers ?? {}).find(([key]) => key === 'ingress-sbox' || key.startsWith('lb-'))
  const address = withoutPrefix(entry?.[1].IPv4Address || entry?.[1].IPv6Address || '')
  return address === '' ? undefined : address
}
