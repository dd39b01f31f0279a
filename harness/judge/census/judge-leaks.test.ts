import { expect, test } from 'vitest'
import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import { censusOf, type Holding, lapAt, readingAt, walkOf } from '../address/testing/readings.ts'
import { judgeLeaks } from './judge-leaks.ts'
import { networksOf } from './networks-of.ts'

/** A /28 that hands out .2 to .14: a VIP, its task, and the load balancer of their node. */
const quiet: Holding = { vips: ['10.0.0.2'], tasks: ['10.0.0.3'], balancers: { node1: '10.0.0.4' } }
const part = lapAt(2, ['10.0.0.5-10.0.0.9'], ['10.0.0.5-10.0.0.9'])
const missing = lapAt(2, ['10.0.0.6-10.0.0.14'], ['10.0.0.2-10.0.0.14'])
const counted: Holding = { tasks: ['10.0.0.3'], counts: { inUse: 5, free: 11 } }

test.each<[string, AddressCensus, RegExp, RegExp]>([
  [
    'a window',
    censusOf([readingAt(1, quiet), readingAt(3, quiet)], [walkOf([part], { ended: 'window' })]),
    /only a part of the subnet/,
    /without `--window`/,
  ],
  [
    'a whole walk that could not tell a leak from a deploy',
    censusOf([readingAt(1, quiet), readingAt(3, quiet)], [walkOf([missing])]),
    /^1 address in use without a holder may have been somebody's for a moment: 10\.0\.0\.5$/,
    /again/,
  ],
  ['the count of an engine', censusOf([readingAt(1, counted)], []), /load balancers/, /^Walk it: /],
])('that it is not known more closely has its reason: %s', (_, census, reason, remedy) => {
  const [judged] = networksOf(census).map(judgeLeaks)
  expect(judged).toMatchObject({ verdict: 'unknown', reason: expect.stringMatching(reason) })
  expect(judged?.remedy).toMatch(remedy)
})
