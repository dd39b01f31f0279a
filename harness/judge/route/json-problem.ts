import { z } from 'zod'
import { messageOf } from '../../core/errors.ts'

export type JsonProblem =
  | { readonly kind: 'differs'; readonly said: string }
  /** The schema cannot be held against anything. */
  | { readonly kind: 'no schema'; readonly said: string }

/** Whether it is one is for `fromJSONSchema` to say. */
const asGiven = z.custom<z.core.JSONSchema.JSONSchema>()

/** Where a body does not meet a JSON Schema: `at [0].number: Invalid input: expected number, received string`. */
export function jsonProblemOf(schema: Readonly<Record<string, unknown>>, body: string): JsonProblem | undefined {
  let shape: z.ZodType
  try {
    shape = z.fromJSONSchema(asGiven.parse(withItems(schema)))
  } catch (error) {
    return { kind: 'no schema', said: messageOf(error) }
  }
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { kind: 'differs', said: 'not JSON' }
  }
  const [issue, ...others] = shape.safeParse(value).error?.issues ?? []
  if (issue === undefined) return undefined
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return { kind: 'differs', said: `at ${pathOf(issue.path)}: ${issue.message}${more}` }
}

/** zod looks at `minItems` and `maxItems` only where there are `items`. */
function withItems(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withItems)
  if (typeof schema !== 'object' || schema === null) return schema
  const written = Object.entries(schema).map(([word, value]) => [word, withItems(value)] as const)
  return { ...('minItems' in schema || 'maxItems' in schema ? { items: true } : {}), ...Object.fromEntries(written) }
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the top'
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('')
}
