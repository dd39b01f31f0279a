import { z } from 'zod'

const requestSchema = z.object({
  subnet: z.string(),
  bits: z.coerce.number(),
  free: z.coerce.number(),
  runs: z.string(),
})
const request =
  /Request address PoolID:(?<subnet>[\d./]+) .*Bits: (?<bits>\d+), Unselected: (?<free>\d+), Sequence: (?<runs>.+)->end/

/**
 * What the allocator of the leader holds of a subnet, as its debug log tells it of each request: the ordinals of the
 * addresses (0 is the network itself). Undefined for any other line. Throws where the line contradicts itself.
 */
export function heldIn(line: string): { readonly subnet: string; readonly ordinals: readonly number[] } | undefined {
  const groups = request.exec(line)?.groups
  if (groups === undefined) return undefined
  const { subnet, bits, free, runs } = requestSchema.parse(groups)
  const ordinals = runs.split('->').reduce<{ at: number; held: number[] }>(
    ({ at, held }, run) => {
      const [, hex = '', times = ''] = /^\(0x([0-9a-f]+), (\d+)\)$/.exec(run) ?? []
      if (hex === '') throw new Error(`a part of the bitmap that is none: ${run}`)
      const inWord = bitsOf(Number.parseInt(hex, 16))
      // A run of empty words adds nothing, however long: a /16 has two thousand of them.
      const words = inWord.length === 0 ? [] : Array.from({ length: Number(times) }, (_, word) => at + word * 32)
      return {
        at: at + Number(times) * 32,
        held: [...held, ...words.flatMap((base) => inWord.map((bit) => base + bit))],
      }
    },
    { at: 0, held: [] },
  ).held
  // A subnet smaller than a word: what lies beyond it is not there.
  const inside = ordinals.filter((ordinal) => ordinal < bits)
  if (bits - inside.length !== free) throw new Error(`${bits} bits, ${inside.length} of them set, but ${free} free`)
  return { subnet, ordinals: inside }
}

/** The first bit of a word is its highest. */
function bitsOf(word: number): number[] {
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((word >>> (31 - bit)) & 1) === 1)
}
