import type { AnyCheck } from '../../model/check.ts'
import { noAddressIsLeaked } from './no-address-is-leaked.ts'
import { overlaysHaveAddresses } from './overlays-have-addresses.ts'

/** What a census judges; `verify` does not take one. */
export const censusChecks = [noAddressIsLeaked, overlaysHaveAddresses] as const satisfies readonly AnyCheck[]
