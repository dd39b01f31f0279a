import { z } from 'zod'
import { succeededSchema } from './raw-command.ts'

/** The output of a command that prints one JSON document. */
export const jsonOutputSchema = succeededSchema.transform((stdout, context): unknown => {
  try {
    return JSON.parse(stdout)
  } catch (error) {
    context.issues.push({ code: 'custom', input: stdout, message: `not JSON: ${String(error)}` })
    return z.NEVER
  }
})
