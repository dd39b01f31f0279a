import type { TargetAddress } from '../model/address.ts'
import type { Expectations } from '../model/expectations.ts'
import { httpAddressSchema } from '../model/http.ts'

/** Requests, or commands, that may have to be waited for one after the other until a check can be judged. */
const inARow = 8
const laps = 3

/**
 * How long facts may honestly take when every step uses up its own deadline, milliseconds: a slow host is judged as what
 * it is, and does not end a test from outside.
 */
export function patienceOf(wanted: Expectations, address: TargetAddress): number {
  return inARow * (address.timeoutMs + longestAskMs(address)) + routesMs(wanted, address)
}

function routesMs({ routes, proxy }: Expectations, address: TargetAddress): number {
  if (routes.length === 0) return 0
  const { concurrency } = httpOf(address)
  const longest = Math.max(...routes.map(({ follow }) => 1 + follow)) * longestAskMs(address)
  // Without a configured proxy its own defaults hold.
  const { refreshSeconds = 15, throttleSeconds = 2 } = proxy ?? {}
  const pauseMs = 1000 * (refreshSeconds + throttleSeconds + 1)
  return laps * (Math.ceil(routes.length / concurrency) * longest + pauseMs)
}

function longestAskMs(address: TargetAddress): number {
  return Object.values(httpOf(address).timeouts).reduce((sum, ms) => sum + ms, 0)
}

function httpOf({ http }: TargetAddress) {
  return http ?? httpAddressSchema.parse({})
}
