import { networksAfterRoutes, servicesAfterRoutes, tasksAfterRoutes } from '../../model/facts/routing/backends.ts'
import { proxyApi } from '../../model/facts/routing/proxy-api.ts'
import type { Asker, Question } from '../question.ts'
import { after } from './after.ts'

/** The Swarm once more, after the last lap and after the proxy has said what it knows of it. */
export const afterRoutesQuestions: readonly Question[] = [
  {
    fact: tasksAfterRoutes,
    ask: afterProxy((asker) => asker.engine('/tasks', (engine) => engine.tasks())),
  },
  {
    fact: servicesAfterRoutes,
    ask: afterProxy((asker) => asker.engine('/services', (engine) => engine.services())),
  },
  {
    fact: networksAfterRoutes,
    ask: afterProxy((asker) => asker.engine('/networks', (engine) => engine.networks())),
  },
]

function afterProxy(ask: Question['ask']): Question['ask'] {
  return async (asker: Asker) => {
    await after(asker, proxyApi)
    return ask(asker)
  }
}
