/** An IPv4 subnet: `base` is its first address as an unsigned number, the host bits cleared. */
export interface Cidr {
  readonly base: number
  readonly prefixLength: number
}

/** An IPv4 address as an unsigned number; undefined when the text is none. A `/p` behind it is ignored. */
export function parseAddress(text: string): number | undefined {
  const [address = ''] = text.split('/')
  const octets = address.split('.')
  if (octets.length !== 4 || !octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255)) return undefined
  return octets.reduce((sum, octet) => sum * 256 + Number(octet), 0)
}

/** `10.10.0.0/16`; an address alone is a subnet of one. Undefined when the text is neither, IPv6 included. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', prefix = '32', ...rest] = text.split('/')
  const value = parseAddress(address)
  if (value === undefined || rest.length > 0 || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) return undefined
  const prefixLength = Number(prefix)
  return { base: value - (value % sizeOf(prefixLength)), prefixLength }
}

/** How many addresses a subnet of that length has, the network and broadcast addresses included. */
export function sizeOf(prefixLength: number): number {
  return 2 ** (32 - prefixLength)
}

/** As dotted decimals. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** As `10.10.0.0/16`. */
export function formatCidr({ base, prefixLength }: Cidr): string {
  return `${formatAddress(base)}/${prefixLength}`
}

/** Whether the address lies in the subnet, its network and broadcast address included. */
export function contains(subnet: Cidr, address: number): boolean {
  return address >= subnet.base && address < subnet.base + sizeOf(subnet.prefixLength)
}

/** Two subnets overlap when one holds the other. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b.base) || contains(b, a.base)
}
