import { defineCheck } from '../../model/check.ts'
import { engineConfig } from '../../model/facts/engine-config.ts'

export const engineCanStartAgain = defineCheck({
  id: 'PV-ENG-005',
  title: "dockerd's configuration on disk lets it start again as a member of a Swarm",
  needs: { config: engineConfig },
  judge: ({ config }) => {
    const said = { subject: 'dockerd', expected: 'readable, without `live-restore`, which Swarm refuses' }
    if (config.kind === 'none') return [{ ...said, actual: 'no configuration file', verdict: 'pass' }]
    if (config.kind === 'broken') {
      return [
        {
          ...said,
          actual: 'a configuration file that is no JSON object',
          verdict: 'fail',
          reason: 'dockerd does not start with it: the next restart takes the node down',
          remedy: 'Mend the file: `python3 -m json.tool` or `jq .` names the place.',
        },
      ]
    }
    const actual = `\`live-restore\` is ${config.liveRestore}`
    if (!config.liveRestore) return [{ ...said, actual, verdict: 'pass' }]
    return [
      {
        ...said,
        actual,
        verdict: 'fail',
        reason: 'with `live-restore` dockerd does not start on a node of a Swarm: the next restart takes the node down',
        remedy:
          'Take `live-restore` out of the configuration of dockerd (NixOS: `virtualisation.docker.liveRestore = false`).',
      },
    ]
  },
})
