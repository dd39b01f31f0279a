import { addressQuestion } from './addresses/read-addresses.ts'
import { engineQuestions } from './api/engine-questions.ts'
import { declarationsQuestion } from './host/declarations.ts'
import { engineConfigQuestions } from './host/engine-config.ts'
import { engineUnitQuestions } from './host/engine-unit.ts'
import { hostNetworkQuestions } from './host/host-network.ts'
import { journalQuestions } from './journal/journal-questions.ts'
import type { Question } from './question.ts'
import { quietQuestions } from './quiet/quiet-questions.ts'
import { residueQuestions } from './residue/residue-questions.ts'
import { routeQuestions } from './routes/route-questions.ts'

/** Every fact that can be asked. */
export const questions: readonly Question[] = [
  ...engineQuestions,
  addressQuestion,
  ...engineUnitQuestions,
  ...engineConfigQuestions,
  ...hostNetworkQuestions,
  declarationsQuestion,
  ...journalQuestions,
  ...routeQuestions,
  ...residueQuestions,
  ...quietQuestions,
]
