import { z } from 'zod'
import type { Fact } from '../fact.ts'

const outcome = z.object({
  /** As in its names: `pvc-20261120t121700z-3f2a-7`. */
  name: z.string(),
  serviceId: z.string().optional(),
  networkId: z.string().optional(),
  port: z.number().optional(),
  /**
   * How far it came: `running`, then removed without a leak; `unlaunched`, nothing of it was asked for; `refused`, the
   * engine did not take it; `stuck`, its task did not run in time; `ended`, its task ended by itself; `interrupted`.
   */
  came: z.enum(['running', 'unlaunched', 'refused', 'stuck', 'ended', 'interrupted']),
  /** What became of what was created: `gone` is certain, by the engine's own lists; `left` waits for the sweep. */
  removal: z.enum(['gone', 'left', 'nothing']),
  /** Milliseconds since the batch began. */
  startedMs: z.number(),
  runningMs: z.number().optional(),
  goneMs: z.number().optional(),
  /** The addresses its task had, by the name of the network, the prefix length left out. */
  addresses: z.record(z.string(), z.array(z.string())).default({}),
  /** The virtual addresses that its service had, in the same form. */
  vips: z.record(z.string(), z.array(z.string())).default({}),
  /** Of each task that did not run: `task abc (rejected on swarm-1 since ...): No such image: x`. */
  lastStates: z.array(z.string()).default([]),
  /** Why it did not come as far as it should. */
  why: z.object({ code: z.string(), seen: z.string() }).optional(),
})
export type StackOutcome = z.infer<typeof outcome>

const schema = z.object({
  stacks: z.array(outcome),
  /** As the services named it. */
  image: z.string().optional(),
  atOnce: z.number(),
  /** The most that ran at the same moment. */
  mostAtOnce: z.number(),
  wallMs: z.number(),
})
export type ThrowawayBatch = z.infer<typeof schema>

/** What became of the throwaway stacks of a run: not asked, but done, and saved by who did it. */
export const throwawayBatch: Fact<ThrowawayBatch> = {
  name: 'throwaway-batch',
  what: 'what became of the throwaway stacks',
  schema,
}
