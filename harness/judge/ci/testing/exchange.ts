import { type Exchange, type ExchangeError, exchangeSchema } from '../../../model/http.ts'
import type { RawHost } from '../../test-host/green.ts'

/** When every page of these tests was asked for. */
const askedAt = '2026-11-20T12:00:00.000Z'

/** The noon of these tests, less so many seconds; in seconds since the epoch, as Drone counts. */
export function secondsBefore(seconds: number): number {
  return Date.parse(askedAt) / 1000 - seconds
}

/** An answer of 200, unless `changes` says otherwise. */
export function answer(body: string, changes: Partial<Exchange> = {}): Exchange {
  const type = body.startsWith('<') ? 'text/html' : 'application/json'
  return exchangeSchema.parse({
    method: 'GET',
    url: 'https://ci.test/',
    startedAt: askedAt,
    durationMs: 12,
    timings: {},
    status: 200,
    headers: { 'content-type': type },
    body,
    ...changes,
  })
}

/** No answer: what broke, and where. */
export function broken(phase: ExchangeError['phase'], code: ExchangeError['code']): Exchange {
  const { status: _status, headers: _headers, body: _body, ...asked } = answer('')
  return { ...asked, error: { phase, code, message: `${code} in words` } }
}

/** Gives the recorded host one more fact. */
export function withFact(name: string, value: unknown): (host: RawHost) => void {
  return (host) => void Object.assign(host, { [name]: value })
}
