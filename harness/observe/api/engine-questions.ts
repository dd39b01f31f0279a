import { engineInfo } from '../../model/facts/engine-info.ts'
import { engineVersion } from '../../model/facts/engine-version.ts'
import { networks } from '../../model/facts/networks.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { services } from '../../model/facts/services.ts'
import { attachedContainers, tasks } from '../../model/facts/tasks.ts'
import type { Question } from '../question.ts'

/** What the Engine API is asked; an empty list with status 200 is a real answer. */
export const engineQuestions: readonly Question[] = [
  { fact: engineVersion, ask: (asker) => asker.engine('/version', (engine) => engine.version()) },
  { fact: engineInfo, ask: (asker) => asker.engine('/info', (engine) => engine.info()) },
  { fact: nodes, ask: (asker) => asker.engine('/nodes', (engine) => engine.nodes()) },
  { fact: networks, ask: (asker) => asker.engine('/networks', (engine) => engine.networks()) },
  { fact: services, ask: (asker) => asker.engine('/services', (engine) => engine.services()) },
  { fact: tasks, ask: (asker) => asker.engine('/tasks', (engine) => engine.tasks()) },
  {
    fact: attachedContainers,
    ask: (asker) =>
      asker.engine('/tasks?filters={"runtime":["attachment"]}', (engine) =>
        engine.tasks({ filters: { runtime: ['attachment'] } }),
      ),
  },
]
