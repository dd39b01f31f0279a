import type { Question } from '../question.ts'
import { afterRoutesQuestions } from './after-routes.ts'
import { bridgeQuestion } from './bridge.ts'
import { ciServerQuestion } from './ci-server.ts'
import { routesQuestion } from './laps.ts'
import { pageQuestions } from './pages.ts'
import { proxyQuestions } from './proxy-api.ts'
import { publishedPortsQuestion } from './published-ports.ts'
import { unknownNamesQuestion } from './unknown-names.ts'

/** What the host's outside is asked. */
export const routeQuestions: readonly Question[] = [
  routesQuestion,
  unknownNamesQuestion,
  ...proxyQuestions,
  ...afterRoutesQuestions,
  publishedPortsQuestion,
  ciServerQuestion,
  ...pageQuestions,
  bridgeQuestion,
]
