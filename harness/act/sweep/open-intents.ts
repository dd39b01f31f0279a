import { messageOf } from '../../core/errors.ts'
import type { SwarmFacts } from '../../judge/removal/swarm-facts.ts'
import { objectsIn, sayObject } from '../../judge/sweep/objects.ts'
import type { OpenIntent } from '../mark/read-intents.ts'
import type { SweepIntents } from './parts.ts'

/** Those whose create was never answered, and that have not been seen: they may appear yet. */
export function unseen(open: readonly OpenIntent[], seenNames: ReadonlySet<string>): readonly OpenIntent[] {
  return open.filter((intent) => intent.id === undefined && !seenNames.has(sayObject(intent)))
}

/**
 * Writes down what a full list no longer has, `settled` being those that cannot appear any more. Returns what stays, each
 * with the reason: what is there without its mark is nobody's to remove.
 */
export async function closeIntents(
  intents: SweepIntents,
  settled: readonly OpenIntent[],
  { present, facts }: { readonly present: ReadonlySet<string>; readonly facts: SwarmFacts },
): Promise<readonly string[]> {
  const unmarked = new Set(objectsIn(facts).map(({ id }) => id))
  const left: string[] = []
  for (const intent of settled) {
    const what = sayObject(intent)
    if (present.has(what)) continue
    if (intent.id !== undefined && unmarked.has(intent.id)) {
      left.push(`${what}: it no longer carries the mark of its run, and is left alone`)
      continue
    }
    try {
      await intents.gone(intent.kind, intent.name)
    } catch (error) {
      left.push(`the file of the run: ${messageOf(error)}`)
      break
    }
  }
  return left
}
