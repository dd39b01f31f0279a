import { z } from 'zod'
import { declarationSchema } from '../expectations.ts'
import type { Fact } from '../fact.ts'
import { rawCommandSchema } from './raw-command.ts'

const declared = z.object({
  source: declarationSchema,
  /** The unit, file or output itself, then the scripts that a unit starts. */
  texts: z.array(rawCommandSchema.extend({ what: z.string() })),
})
const schema = z.array(declared)
export type Declared = z.infer<typeof declared>

/** In the order of `expect.sharedNetwork.declared`. */
export const declarations: Fact<readonly Declared[]> = {
  name: 'declarations',
  what: "what the host itself declares the shared network's subnet to be",
  schema,
}
