import { defineCheck } from '../../model/check.ts'
import { engineConfig } from '../../model/facts/engine-config.ts'

export const engineCanStartAgain = defineCheck({
  id: 'PV-ENG-005',
  title: "dockerd's configuration on disk lets it start again as a member of a Swarm",
  needs: { config: engineConfig },
  judge: ({ config }) => [
    {
      subject: 'dockerd',
      expected: 'no `live-restore`, which Swarm refuses',
      actual: config.present ? `\`live-restore\` is ${config.liveRestore}` : 'no configuration file',
      ...(config.liveRestore
        ? {
            verdict: 'fail',
            reason:
              'with `live-restore` dockerd does not start on a node of a Swarm: the next restart takes the node down',
            remedy:
              'Take `live-restore` out of the configuration of dockerd (NixOS: `virtualisation.docker.liveRestore = false`).',
          }
        : { verdict: 'pass' }),
    },
  ],
})
