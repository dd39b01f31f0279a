import { defineCheck } from '../../model/check.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'

export const nodeManages = defineCheck({
  id: 'PV-SWM-001',
  title: 'The node that was asked is a manager of an active Swarm',
  needs: { info: engineInfo },
  judge: ({ info: { Name, Swarm } }) => {
    const sound = Swarm.LocalNodeState === 'active' && Swarm.ControlAvailable && Swarm.Error === ''
    const role = Swarm.ControlAvailable ? 'manager' : 'no manager'
    const trouble = Swarm.Error === '' ? '' : `; it says: ${Swarm.Error}`
    return [
      {
        subject: Name,
        expected: 'active, manager',
        actual: `${Swarm.LocalNodeState}, ${role} of Swarm ${Swarm.Cluster?.ID ?? 'not told'}${trouble}`,
        ...(sound
          ? { verdict: 'pass' }
          : {
              verdict: 'fail',
              reason: 'only a manager with a leader knows services, tasks and addresses',
              remedy:
                'Point `target.engine` at a manager; if this is one, look at `docker info` and mend the Swarm first.',
            }),
      },
    ]
  },
})
