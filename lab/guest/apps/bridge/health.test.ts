import { expect, test } from 'vitest'
import { answerHealth } from './health.mjs'

test('the bridge is healthy while its last poll is at most two intervals old', () => {
  expect(answerHealth('/healthz', 4000, 2000)).toMatchObject({ body: 'OK\n' })
  expect(answerHealth('/healthz?x', 4001, 2000)).toMatchObject({ status: 503, body: 'last poll 4 s ago\n' })
  expect(answerHealth('/healthz', undefined, 2000)).toMatchObject({ status: 503, body: 'no poll yet\n' })
  expect(answerHealth('/', 0, 2000)).toMatchObject({ status: 404 })
})
