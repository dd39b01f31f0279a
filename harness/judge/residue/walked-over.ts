import type { Lap } from '../../model/facts/addresses/census.ts'
import { parseAddress } from '../address/cidr.ts'

/** What a lap says of one address: undefined where it did not come by. */
export function saidBy({ offered, walked }: Lap, address: string): 'free' | 'in use' | undefined {
  if (isIn(offered, address)) return 'free'
  return isIn(walked, address) ? 'in use' : undefined
}

/** `10.0.1.2-10.0.1.17`, or a single one. */
function isIn(stretches: readonly string[], address: string): boolean {
  const wanted = parseAddress(address)
  return stretches.some((stretch) => {
    const [first = '', last = first] = stretch.split('-')
    const [from, to] = [parseAddress(first), parseAddress(last)]
    return from !== undefined && to !== undefined && wanted !== undefined && wanted >= from && wanted <= to
  })
}
