import { z } from 'zod'
import { verdictSchema } from './verdict.ts'

/** `PV-ROUTE-003`: stable from the first day, whatever the title says. */
export const checkIdSchema = z.templateLiteral(['PV-', z.string().regex(/^[A-Z]+$/), '-', z.string().regex(/^\d{3}$/)])
export type CheckId = z.infer<typeof checkIdSchema>

/** One checked fact. */
export const findingSchema = z.object({
  check: checkIdSchema,
  title: z.string(),
  /** What was checked: a service, a network, a node, `dockerd`. */
  subject: z.string(),
  expected: z.string(),
  actual: z.string(),
  verdict: verdictSchema,
  /** Names a cause that scripts may want to tell from others of the same check: `NETWORK_MISSING`. */
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .optional(),
  /** Why it is not a plain pass; always there for `n/a`, `unknown`, `blocked`, `waived` and `fail`. */
  reason: z.string().optional(),
  /** What to do; always there for `fail`. */
  remedy: z.string().optional(),
  /** Sequence numbers of the records it rests on. */
  evidence: z.array(z.number().int().positive()),
})
export type Finding = z.infer<typeof findingSchema>
