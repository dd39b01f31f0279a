/** An IPv4 subnet: `base` is its first address as an unsigned number, the host bits cleared. */
export interface Cidr {
  readonly base: number
  readonly prefixLength: number
}

const zero = 48
const nine = 57
const dot = 46
const slash = 47

/** An IPv4 address as an unsigned number; undefined when the text is none. A `/p` behind it is ignored. */
export function parseAddress(text: string): number | undefined {
  // By hand: a ledger has tens of thousands of them.
  let [value, octet, digits, dots] = [0, 0, 0, 0]
  for (let at = 0; at <= text.length; at += 1) {
    const code = at === text.length ? slash : text.charCodeAt(at)
    if (code >= zero && code <= nine) {
      octet = octet * 10 + code - zero
      digits += 1
      if (digits > 3 || octet > 255) return undefined
      continue
    }
    if (digits === 0 || (code !== dot && code !== slash)) return undefined
    value = value * 256 + octet
    if (code === slash) return dots === 3 ? value : undefined
    dots += 1
    octet = 0
    digits = 0
  }
  return undefined
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
