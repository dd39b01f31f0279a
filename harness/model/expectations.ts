import { z } from 'zod'
import { censusSchema } from './census.ts'
import { routingShape } from './routing.ts'
import { quietSchema, throwawaySchema } from './throwaway.ts'

const cidr = z.cidrv4('an IPv4 subnet such as 10.10.0.0/16')

/** Where the host says for itself what the shared network's subnet is. */
export const declarationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path: z.string().startsWith('/') }),
  z.strictObject({ kind: z.literal('unit'), unit: z.string().min(1) }),
  z.strictObject({ kind: z.literal('command'), argv: z.array(z.string()).min(1) }),
])
export type Declaration = z.infer<typeof declarationSchema>

/** What a run holds a target against. It is saved with the evidence, so that a bundle can be judged again. */
export const expectationsSchema = z.strictObject({
  sharedNetwork: z
    .strictObject({
      name: z.string().min(1).default('proxy'),
      /** The intended subnet, or subnets. */
      subnets: z.array(cidr).min(1).optional(),
      attachable: z.boolean().default(true),
      /** Live and declared are checked apart: changing a declaration does not resize a network. */
      declared: z.array(declarationSchema).default([]),
    })
    .prefault({}),
  /** Stacks that must be there, with the number of services each has. */
  stacks: z.record(z.string(), z.number().int().positive()).default({}),
  /** The services without which nothing is routed or built. */
  controlPlane: z
    .array(z.strictObject({ service: z.string().min(1), onSharedNetwork: z.boolean().default(true) }))
    .default([]),
  tasks: z
    .strictObject({
      /** A task in `New` or `Pending` for longer is stuck. */
      stuckAfterSeconds: z.number().positive().default(60),
      /** Restarts of one service in the window that are still no finding. */
      maxRestarts: z.number().int().nonnegative().default(0),
      restartWindowMinutes: z.number().positive().default(60),
    })
    .prefault({}),
  addresses: z
    .strictObject({
      warnPercent: z.number().min(1).max(100).default(75),
      failPercent: z.number().min(1).max(100).default(90),
    })
    .refine(({ warnPercent, failPercent }) => warnPercent <= failPercent, {
      path: ['warnPercent'],
      error: 'lies above failPercent (75 and 90 by default)',
    })
    .prefault({}),
  /** What a census may take, and when it stops. */
  census: censusSchema.prefault({}),
  journal: z
    .strictObject({
      unit: z.string().default('docker.service'),
      /** How far back to look; never further than the start of the running dockerd. */
      windowHours: z.number().positive().default(26),
    })
    .prefault({}),
  /** What must not be going on while pvcheck acts. */
  quiet: quietSchema.prefault({}),
  /** The stacks that a run creates, and removes. */
  throwaway: throwawaySchema.prefault({}),
  ...routingShape,
})
export type Expectations = z.infer<typeof expectationsSchema>
