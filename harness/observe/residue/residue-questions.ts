import { countLeft } from '../../judge/residue/belongings.ts'
import { objectsAfter } from '../../model/facts/residue/objects-after.ts'
import { objectsBefore } from '../../model/facts/residue/objects-before.ts'
import { runDeeds } from '../../model/facts/run-deeds.ts'
import type { Question } from '../question.ts'
import { lookUntilStill } from './look.ts'

/** How long what a run has removed may take to go: its containers and namespaces follow its tasks a moment later. */
const patienceMs = 20_000

/** The same question before and after; the second waits for what is on its way out, and saves what is left then. */
export const residueQuestions: readonly Question[] = [
  { fact: objectsBefore, ask: (asker) => lookUntilStill(asker, () => false, 0) },
  {
    fact: objectsAfter,
    ask: async (asker) => {
      const deeds = await asker.read(runDeeds)
      return await lookUntilStill(asker, (objects) => countLeft(deeds, objects) > 0, patienceMs)
    },
  },
]
