import { z } from 'zod'
import { targetAddressSchema } from '../../model/address.ts'
import { processIdSchema } from '../mark/process-id.ts'

/** What a janitor is told when it starts, as JSON on its stdin. */
export const janitorTaskSchema = z.strictObject({
  run: z.string(),
  owner: z.string(),
  address: targetAddressSchema,
  stateDir: z.string(),
  /** Where it listens; the folder is its own, and goes with it. */
  socketPath: z.string(),
  logPath: z.string(),
  /** The longest that a create can take: so long it may still appear when nobody sends any more. */
  createSeconds: z.number(),
  /** For how long it tries to reach the Swarm: by then all has ended by itself. */
  lifetimeSeconds: z.number(),
  /** The timer on the manager, where there is one. */
  hasTimer: z.boolean(),
})
export type JanitorTask = z.infer<typeof janitorTaskSchema>

/**
 * What a process of the run tells its janitor, a line of JSON each. First who it is. The end of the connection of `main`
 * means that it is dead, unless it has dismissed the janitor before; `sweep` says that it leaves the rest to it.
 */
export const toJanitorSchema = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('hello'), role: z.enum(['main', 'worker']), process: processIdSchema.optional() }),
  z.strictObject({ say: z.literal('dismiss') }),
  z.strictObject({ say: z.literal('sweep') }),
])
export type ToJanitor = z.infer<typeof toJanitorSchema>

/** Its answer to `hello`: it is there, its code is loaded, its log is open. */
export const fromJanitorSchema = z.strictObject({ say: z.literal('here'), process: processIdSchema.optional() })
export type FromJanitor = z.infer<typeof fromJanitorSchema>
