import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineCheck } from '../model/check.ts'
import { expectationsSchema } from '../model/expectations.ts'
import type { Fact, FactReader } from '../model/fact.ts'
import { routes } from '../model/facts/routing/routes.ts'
import { readAhead } from './read-ahead.ts'

const fact = (name: string): Fact<number> => ({ name, what: name, schema: z.number() })
const shared = { title: 't', judge: () => [] }
const checks = [
  defineCheck({ ...shared, id: 'PV-TEST-001', needs: { tasks: fact('tasks') } }),
  defineCheck({ ...shared, id: 'PV-TEST-002', needs: { routes, after: fact('tasks-after-routes') } }),
  defineCheck({ ...shared, id: 'PV-TEST-003', needs: { routes, api: fact('proxy-api') }, notApplicable: () => 'no' }),
]
const withRoute = expectationsSchema.parse({ routes: [{ url: 'http://a.test' }] })

/** A reader that fails, and notes what it was asked. */
function failing(): FactReader & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    read: ({ name }) => {
      asked.push(name)
      return Promise.reject(new Error('gone'))
    },
  }
}

test('what checks of the routes need is asked at once, and a failure is left to whoever reads it', async () => {
  const reader = failing()
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  readAhead(checks, reader, withRoute)
  // Node tells of an unhandled rejection once the microtasks are done.
  await turn()
  process.off('unhandledRejection', note)
  expect(reader.asked).toEqual(['routes', 'tasks-after-routes'])
  expect(unhandled).toEqual([])
})

test('without routes nothing is asked', () => {
  const reader = failing()
  readAhead(checks, reader, expectationsSchema.parse({}))
  expect(reader.asked).toEqual([])
})
