import type { ExchangeError } from '../../model/http.ts'
import { oneLine } from '../excerpt.ts'

/** What ends an exchange; thrown within this folder only, and noted down as `error`. */
export class HttpFailure extends Error {
  readonly error: ExchangeError

  constructor(phase: ExchangeError['phase'], code: ExchangeError['code'], message: string) {
    super(message)
    this.error = { phase, code, message: oneLine(message) }
  }
}

/** The code of a Node error; `''` where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
