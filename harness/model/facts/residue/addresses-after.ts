import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { addressCensus } from '../addresses/census.ts'
import { addressReading } from '../addresses/reading.ts'

const why = z.object({ code: z.string(), seen: z.string() })

const asked = z.object({
  /** By the name of the network. */
  network: z.string(),
  address: z.string(),
  /**
   * `walked`: by the laps in `census`. `free` and `taken`: it was asked for by itself. `unasked`: nobody can tell, and
   * why.
   */
  how: z.enum(['walked', 'free', 'taken', 'unasked']),
  why: why.optional(),
})
export type AskedAddress = z.infer<typeof asked>

const schema = z.object({
  asked: z.array(asked),
  census: addressCensus.schema.optional(),
  /** After all was asked; absent where nothing could be. */
  reading: addressReading.schema.optional(),
})
export type AddressesAfter = z.infer<typeof schema>

/** Whether the addresses that the run held can be had again: not asked, but tried, and saved by who did it. */
export const addressesAfter: Fact<AddressesAfter> = {
  name: 'addresses-after',
  what: 'what became of the addresses that the run held',
  schema,
}
