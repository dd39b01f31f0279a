import type { HttpAddress } from '../../model/http.ts'
import type { HttpClient } from './http.ts'

/** Web requests by the ways of `address`. */
export function createHttp(address: HttpAddress): HttpClient {
  const missing = () => Promise.reject(new TypeError(`not there yet: ${address.concurrency}`))
  return { ask: missing, knock: missing }
}
