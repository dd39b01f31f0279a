import { PvcheckError } from '../../core/errors.ts'
import { formatAddress, parseAddress } from './cidr.ts'

/** Addresses as unsigned numbers, both ends included. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** In order, and neither touching nor overlapping: what every function here takes and gives. */
export type Stretches = readonly Stretch[]

/** `10.0.1.2-10.0.1.17`, or a single address. */
export function formatStretches(stretches: Stretches): string[] {
  return stretches.map(({ from, to }) =>
    from === to ? formatAddress(from) : `${formatAddress(from)}-${formatAddress(to)}`,
  )
}

/** Throws STRETCH_UNREADABLE: a part that was left out would make addresses look leaked. */
export function parseStretches(texts: readonly string[]): Stretches {
  return tidy(
    texts.map((text) => {
      const [first = '', last = first, ...rest] = text.split('-')
      const [from, to] = [parseAddress(first), parseAddress(last)]
      if (from !== undefined && to !== undefined && from <= to && rest.length === 0) return { from, to }
      throw new PvcheckError({
        code: 'STRETCH_UNREADABLE',
        seen: `"${text.slice(0, 60)}"`,
        wanted: 'an IPv4 address, or two with a dash in between',
        remedy: 'The evidence is damaged: take the census again.',
        exit: 'stale',
      })
    }),
  )
}

/** Single addresses, in any order and as often as they come. */
export function gather(addresses: Iterable<number>): Stretches {
  const found: { from: number; to: number }[] = []
  for (const address of [...addresses].sort((a, b) => a - b)) {
    const last = found.at(-1)
    if (last === undefined || address > last.to + 1) found.push({ from: address, to: address })
    else last.to = address
  }
  return found
}

/** Puts stretches in order, and joins those that touch or overlap. */
export function tidy(stretches: readonly Stretch[]): Stretches {
  const tidied: { from: number; to: number }[] = []
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = tidied.at(-1)
    if (last === undefined || from > last.to + 1) tidied.push({ from, to })
    else last.to = Math.max(last.to, to)
  }
  return tidied
}

export function unite(...all: readonly Stretches[]): Stretches {
  return tidy(all.flat())
}

/** What lies in `these` and in none of `others`. */
export function without(these: Stretches, others: Stretches): Stretches {
  const left: Stretch[] = []
  let next = 0
  for (const { from, to } of these) {
    let at = from
    while ((others[next]?.to ?? Number.POSITIVE_INFINITY) < from) next += 1
    for (let index = next; at <= to; index += 1) {
      const hole = others[index]
      if (hole === undefined || hole.from > to) {
        left.push({ from: at, to })
        break
      }
      if (hole.from > at) left.push({ from: at, to: hole.from - 1 })
      at = Math.max(at, hole.to + 1)
    }
  }
  return left
}

/** What lies in both. */
export function common(these: Stretches, others: Stretches): Stretches {
  return without(these, without(these, others))
}

export function sizeOfAll(stretches: Stretches): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from + 1, 0)
}

/** Each address by itself, in order. */
export function addressesIn(stretches: Stretches): number[] {
  return stretches.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
}

export function holds(stretches: Stretches, address: number): boolean {
  let [low, high] = [0, stretches.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const stretch = stretches[middle]
    if (stretch === undefined) return false
    if (address < stretch.from) high = middle - 1
    else if (address > stretch.to) low = middle + 1
    else return true
  }
  return false
}
