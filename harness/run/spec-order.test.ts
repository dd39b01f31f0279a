import { expect, test } from 'vitest'
import { startFixture } from './fixtures/start.ts'
import { inSpecOrder } from './spec-order.ts'

test('specs come in the order in which they depend on each other, and unknown ones last, by name', () => {
  const given = [
    'zeal',
    'step0-guard',
    'allocator-headroom',
    'real-deploy',
    'another',
    'preflight',
    'routing',
    'host-facts',
  ]
  expect(inSpecOrder(given.map((name) => `/x/${name}.spec.js`))).toEqual(
    ['host-facts', 'routing', 'preflight', 'real-deploy', 'allocator-headroom', 'step0-guard', 'another', 'zeal'].map(
      (name) => `/x/${name}.spec.js`,
    ),
  )
})

test('Vitest keeps that order, whichever file is the largest', async () => {
  const run = await startFixture(['order/another', 'order/host-facts', 'order/routing'])
  expect((await run.ended()).code, run.output()).toBe(0)
  const order = (await run.bodies()).flatMap((body) => (body.kind === 'finding' ? [body.subject] : []))
  expect(order).toEqual(['host-facts', 'routing', 'another'])
})
