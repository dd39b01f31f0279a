import { engineUnit, engineUnitProperties } from '../../model/facts/engine-unit.ts'
import { installedEngine } from '../../model/facts/installed-engine.ts'
import type { Question } from '../question.ts'
import { programOf } from './engine-program.ts'
import { showUnit } from './show-unit.ts'
import { engineUnitName } from './unit-name.ts'

export const engineUnitQuestions: readonly Question[] = [
  {
    fact: engineUnit,
    ask: (asker) => showUnit(asker, engineUnitName(asker.wanted), engineUnitProperties),
  },
  {
    fact: installedEngine,
    ask: async (asker) => {
      const program = programOf(await asker.read(engineUnit))
      return { ...(await asker.run([program, '--version'])), program }
    },
  },
]
