import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import type { Question } from '../question.ts'
import { together } from '../routes/together.ts'

export const swarmQuestion: Question = {
  fact: quietSwarm,
  ask: async (asker) => {
    const [info, services, tasks, attachedContainers, networks, nodes, images] = await together([
      asker.engine('/info', (engine) => engine.info()),
      asker.engine('/services', (engine) => engine.services()),
      asker.engine('/tasks', (engine) => engine.tasks()),
      asker.engine('/tasks?filters={"runtime":["attachment"]}', (engine) =>
        engine.tasks({ filters: { runtime: ['attachment'] } }),
      ),
      asker.engine('/networks', (engine) => engine.networks()),
      asker.engine('/nodes', (engine) => engine.nodes()),
      asker.engine('/images/json', (engine) => engine.images()),
    ])
    return { info, services, tasks, attachedContainers, networks, nodes, images }
  },
}
