import { messageOf, PvcheckError } from '../../core/errors.ts'
import { parseCidr, sizeOf } from '../../judge/address/cidr.ts'
import { type HeldAddress, heldAddresses } from '../../judge/residue/held-addresses.ts'
import type { CensusSettings } from '../../model/census.ts'
import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import { type Network, networks } from '../../model/facts/networks.ts'
import type { AddressesAfter, AskedAddress } from '../../model/facts/residue/addresses-after.ts'
import type { ThrowawayBatch } from '../../model/facts/throwaway-batch.ts'
import type { Throwaway } from '../../model/throwaway.ts'
import { readAddresses } from '../../observe/addresses/read-addresses.ts'
import type { HostRunner } from '../../reach/host/runner.ts'
import { takeCensus } from '../census/take-census.ts'
import type { CarefulHand } from '../hand/careful.ts'
import { listed } from '../remove/look.ts'
import { askAlone } from './ask-alone.ts'

export interface AskAddressesParts {
  readonly hand: CarefulHand
  readonly host: HostRunner | { readonly unavailable: string }
  readonly settings: CensusSettings
  readonly throwaway: Throwaway
  readonly signal: AbortSignal
  readonly onProgress: (what: string) => void
}

/** A lap over a wider overlay would take longer than all the rest of a run. */
const widestLap = 4096

interface Sought {
  /** Absent where it is gone. */
  readonly network: Network | undefined
  readonly name: string
  readonly addresses: readonly string[]
}

/**
 * Once the stacks of a batch are gone: tries whether each address that they held can be had again, by a lap where the
 * overlay is small, else each by itself. Never throws: what cannot be asked, or was broken off, says why.
 */
export async function askAddresses(batch: ThrowawayBatch, parts: AskAddressesParts): Promise<AddressesAfter> {
  const held = heldAddresses(batch)
  try {
    return await askHeld(held, batch.image, parts)
  } catch (error) {
    const why = whyOf(error)
    return { asked: held.map(({ network, address }) => ({ network, address, how: 'unasked', why })) }
  }
}

async function askHeld(
  held: readonly HeldAddress[],
  image: string | undefined,
  parts: AskAddressesParts,
): Promise<AddressesAfter> {
  const { hand, signal, onProgress } = parts
  const all = listed(networks, await hand.reader.networks({ signal }))
  const sought = byNetwork(held, all)
  if (sought.length === 0) return { asked: [] }
  onProgress('tries whether its addresses can be had again')
  const small = sought.filter(isSmall)
  const census = small.length === 0 ? undefined : await walk(small, parts)
  const asked: AskedAddress[] = []
  for (const one of sought) asked.push(...(await (isSmall(one) ? ofWalk(one) : alone(one, image, parts))))
  const reading = await readAddresses(hand.reader, { signal })
  return { asked, reading, ...(census === undefined ? {} : { census }) }
}

function byNetwork(held: readonly HeldAddress[], all: readonly Network[]): readonly Sought[] {
  const names = [...new Set(held.map(({ network }) => network))]
  return names.map((name) => ({
    name,
    network: all.find(({ Name, Scope }) => Name === name && Scope === 'swarm'),
    addresses: held.filter(({ network }) => network === name).map(({ address }) => address),
  }))
}

function isSmall({ network }: Sought): boolean {
  const pools = (network?.IPAM.Config ?? []).flatMap(({ Subnet, IPRange }) => parseCidr(IPRange || Subnet) ?? [])
  const size = pools.reduce((sum, { prefixLength }) => sum + sizeOf(prefixLength), 0)
  return size > 0 && size <= widestLap
}

function walk(small: readonly Sought[], parts: AskAddressesParts): Promise<AddressCensus> {
  const { hand, host, settings, throwaway, signal, onProgress } = parts
  const wanted = small.flatMap(({ network, addresses }) =>
    network === undefined ? [] : [{ id: network.Id, addresses }],
  )
  return takeCensus({
    ...{ hand, host, settings, signal, publish: throwaway.publish },
    networks: wanted.map(({ id }) => id),
    until: Object.fromEntries(wanted.map(({ id, addresses }) => [id, addresses])),
    onProgress: ({ network, what }) => onProgress(`${network}: ${what}`),
  })
}

function ofWalk({ name, addresses }: Sought): readonly AskedAddress[] {
  return addresses.map((address) => ({ network: name, address, how: 'walked' }))
}

async function alone(
  { network, name, addresses }: Sought,
  image: string | undefined,
  { hand, host, signal }: AskAddressesParts,
): Promise<readonly AskedAddress[]> {
  const unasked = (why: { code: string; seen: string }): readonly AskedAddress[] =>
    addresses.map((address) => ({ network: name, address, how: 'unasked', why }))
  if (network === undefined) return unasked({ code: 'ASK_NETWORK_GONE', seen: `the network ${name} is gone` })
  if (!network.Attachable || network.Ingress) return unasked(tooWide(network))
  if ('unavailable' in host) return unasked({ code: 'ASK_NO_HOST', seen: host.unavailable })
  if (image === undefined) return unasked({ code: 'ASK_NO_IMAGE', seen: 'no image was found for the stacks either' })
  try {
    return await askAlone(addresses, { hand, host, image, network: { id: network.Id, name }, signal })
  } catch (error) {
    signal.throwIfAborted()
    hand.lost.throwIfAborted()
    return unasked(whyOf(error))
  }
}

function whyOf(error: unknown): { code: string; seen: string } {
  return error instanceof PvcheckError
    ? { code: error.code, seen: error.seen }
    : { code: 'ASK_BROKEN_OFF', seen: messageOf(error) }
}

function tooWide({ Name, IPAM }: Network): { code: string; seen: string } {
  const subnets = (IPAM.Config ?? []).map(({ Subnet }) => Subnet).join(', ')
  const seen = `${Name} (${subnets}) is too wide for a lap and not attachable, so that no address of it can be asked for by itself`
  return { code: 'ASK_TOO_WIDE', seen }
}
