import { z } from 'zod'
import type { Filters } from '../../reach/engine/reader.ts'
import type { CarefulHand } from '../hand/careful.ts'
import { cannotLook } from '../remove/look.ts'

const schema = z.array(
  z.object({
    ID: z.string(),
    ServiceID: z.string().default(''),
    NetworksAttachments: z
      .array(z.object({ Network: z.object({ ID: z.string() }), Addresses: z.array(z.string()).nullish() }))
      .nullish(),
  }),
)
export type CanaryTask = z.infer<typeof schema>[number]

/** Of a task no more than whose it is and which addresses it has: a canary may have a thousand. */
export async function listTasks(
  hand: Pick<CarefulHand, 'many'>,
  filters: Filters,
  signal: AbortSignal,
): Promise<readonly CanaryTask[]> {
  const { what, status, body } = await hand.many.reader.tasks({ filters, signal })
  const parsed = schema.safeParse(body ?? [])
  if (status === 200 && parsed.success) return parsed.data
  throw cannotLook(`${what} was answered with ${status}, and no list of tasks`)
}
