import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leaks } from '../../lab/drill/census/cases.ts'
import { tryCensus } from '../../lab/drill/census/try-census.ts'
import { ways } from '../../lab/drill/leak/cases.ts'
import { tryLeak } from '../../lab/drill/leak/try-leak.ts'
import { type RaisedHost, raiseHost } from '../../lab/drill/raise-host.ts'

const stop = new AbortController()
let host: RaisedHost

beforeAll(async () => {
  host = await raiseHost({ signal: stop.signal, progress: () => undefined })
})
afterAll(async () => {
  stop.abort(new Error('the tests are over'))
  await host[Symbol.asyncDispose]()
})

/** Each number of leaks once, half of them while others deploy. */
const cases = leaks.map((leaked, index) => ({
  ...{ leaks: leaked, churn: index % 2 === 1, number: index + 1 },
  what: `${leaked} leaked addresses${index % 2 === 1 ? ' while others deploy' : ''}`,
}))

test.each(cases)('a census names $what, and no other', async (given) => {
  const { machine, engine, work } = host
  const at = { machine, engine, reports: join(work, String(given.number)), signal: stop.signal }
  const { failures, recoveryMs = 0 } = await tryCensus(given, at)
  process.stdout.write(`census of ${given.leaks} leaks: ${(recoveryMs / 1000).toFixed(1)} s\n`)
  expect(failures).toEqual([])
})

test.each(ways.map((way, index) => ({ way, number: index + 1 })))('six stacks, removed with $way', async (given) => {
  const { failures } = await tryLeak({ ...given, stacks: 6, atOnce: 6, signal: stop.signal }, host.machine)
  expect(failures).toEqual([])
})
