import type { Fact } from '../../model/fact.ts'
import type { Asker } from '../question.ts'

/** Waits until another fact has been asked; what came of it is for whoever reads it. */
export async function after(asker: Asker, fact: Fact<unknown>): Promise<void> {
  await Promise.allSettled([asker.read(fact)])
  asker.signal?.throwIfAborted()
}
