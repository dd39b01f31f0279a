import { PvcheckError } from '../../core/errors.ts'
import type { Fact } from '../../model/fact.ts'
import type { Asker } from '../question.ts'

/** Waits until another fact has been asked; what came of it is for whoever reads it. */
export async function after(asker: Asker, fact: Fact<unknown>): Promise<void> {
  await Promise.allSettled([asker.read(fact)])
  asker.signal?.throwIfAborted()
}

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
