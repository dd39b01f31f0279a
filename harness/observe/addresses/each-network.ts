import { RefusalError } from '../asker.ts'
import { together } from '../routes/together.ts'

/** At once: an engine answers on several connections, and a tunnel carries a few. */
const atOnce = 8

/** Asks of each network, a few at a time. One that was removed meanwhile (404) has no answer and is left out. */
export async function eachNetwork<N, T>(
  networks: readonly N[],
  ask: (network: N) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = []
  for (let start = 0; start < networks.length; start += atOnce) {
    const batch = networks.slice(start, start + atOnce).map((network) => unlessGone(ask(network)))
    for (const answer of await together(batch)) answers.push(...answer)
  }
  return answers
}

async function unlessGone<T>(answer: Promise<T>): Promise<readonly T[]> {
  try {
    return [await answer]
  } catch (error) {
    if (error instanceof RefusalError && error.status === 404) return []
    throw error
  }
}
