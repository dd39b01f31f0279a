import { expect, test } from 'vitest'
import { jsonProblemOf } from './json-problem.ts'

const builds = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['number'],
    properties: { number: { type: 'integer' }, status: { enum: ['a', 'b'] } },
  },
}

test.each<[schema: Readonly<Record<string, unknown>>, body: string, said: string | undefined]>([
  [builds, '[{"number":1,"status":"a","more":true}]', undefined],
  [builds, '[]', 'at the top: '],
  [builds, '[{"number":1.5}]', 'at [0].number: '],
  [builds, '[{}]', 'at [0].number: '],
  [builds, '[{"number":"1","status":"c"}]', ', and 1 more'],
  [builds, '{}', 'at the top: '],
  [builds, '<html>', 'not JSON'],
  [{ type: 'array', minItems: 1 }, '[]', 'at the top: '],
  [{ type: 'array', minItems: 1 }, '[0]', undefined],
  [{ type: 'array', maxItems: 1 }, '[0,0]', 'at the top: '],
  [{ type: 'object', required: ['a'], properties: { a: { type: 'array', minItems: 1 } } }, '{"a":[]}', 'at a: '],
])('%j and %s', (schema, body, said) => {
  const problem = jsonProblemOf(schema, body)
  if (said === undefined) expect(problem).toBeUndefined()
  else expect(problem).toEqual({ kind: 'differs', said: expect.stringContaining(said) })
})

test.each([{ type: 'thing' }, { not: { type: 'string' } }, { $ref: '#/$defs/nowhere' }])(
  '%j is no schema',
  (schema) => {
    expect(jsonProblemOf(schema, '{}')).toMatchObject({ kind: 'no schema' })
  },
)
