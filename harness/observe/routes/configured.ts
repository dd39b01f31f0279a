import { PvcheckError } from '../../core/errors.ts'

/** What is configured, or `OBSERVE_NOT_CONFIGURED`: checks that need it say `n/a` before they ask. */
export function configured<T>(value: T | undefined, key: string): T {
  if (value !== undefined) return value
  throw new PvcheckError({
    code: 'OBSERVE_NOT_CONFIGURED',
    seen: `\`expect.${key}\` is not configured`,
    wanted: 'a place to ask',
    remedy: `Set \`expect.${key}\`.`,
    exit: 'unknown',
  })
}
