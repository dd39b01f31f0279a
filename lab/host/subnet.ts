/** A /30: network, host side (+1) and inside (+2). */
export interface Subnet {
  readonly network: string
  readonly gateway: string
  readonly address: string
}

/** Reserved for documentation, so it is nobody's real network. */
const range = '198.51.100.0'

/** The /30s of the labs' /24 in order, without those that overlap one of `taken` (addresses or CIDRs). */
export function freeSubnets(taken: readonly string[]): Subnet[] {
  const blocks = taken.map(toBlock).filter((block) => block !== undefined)
  const base = toNumber(range)
  const free: Subnet[] = []
  for (let start = base; start < base + 256; start += 4) {
    if (blocks.some((block) => start <= block.last && block.first <= start + 3)) continue
    free.push({ network: toText(start), gateway: toText(start + 1), address: toText(start + 2) })
  }
  return free
}

interface Block {
  readonly first: number
  readonly last: number
}

/** undefined for what is no IPv4 network, and for the default route, which overlaps everything and means nothing. */
function toBlock(cidr: string): Block | undefined {
  const match = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?$/.exec(cidr)
  if (match?.[1] === undefined) return undefined
  const prefixLength = Number(match[2] ?? 32)
  if (prefixLength === 0 || prefixLength > 32) return undefined
  const size = 2 ** (32 - prefixLength)
  const first = Math.floor(toNumber(match[1]) / size) * size
  return { first, last: first + size - 1 }
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}
