import { expect, test } from 'vitest'
import type { TargetAddress } from '../model/address.ts'
import { expectationsSchema } from '../model/expectations.ts'
import { httpAddressSchema } from '../model/http.ts'
import { patienceOf } from './patience.ts'

const address: TargetAddress = {
  engine: { kind: 'unix', socketPath: '/var/run/docker.sock' },
  host: { kind: 'local' },
  timeoutMs: 15_000,
}
const routes = (count: number, follow = 0) =>
  expectationsSchema.parse({
    routes: Array.from({ length: count }, (_, index) => ({ url: `http://r${index}.test`, follow })),
  })

test('three laps over slow routes fit in, each step as long as it may take', () => {
  // Twenty routes, eight at once: three rounds in each of three laps, 60 s a visit, and the pauses between the laps.
  const longestMs = 3 * 3 * 60_000 + 2 * 18_000
  expect(patienceOf(routes(20), address) - patienceOf(routes(0), address)).toBeGreaterThan(longestMs)
})

test('redirects, slower deadlines and a slower proxy are waited for, too', () => {
  const least = patienceOf(routes(1), address)
  expect(patienceOf(routes(1, 3), address)).toBeGreaterThan(least)
  const http = httpAddressSchema.parse({ timeouts: { firstByteMs: 120_000 } })
  expect(patienceOf(routes(1), { ...address, http })).toBeGreaterThan(least)
  const proxy = { refreshSeconds: 120, throttleSeconds: 2 }
  expect(patienceOf({ ...routes(1), proxy }, address)).toBeGreaterThan(least)
})
