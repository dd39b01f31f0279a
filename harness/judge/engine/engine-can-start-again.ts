import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { engineConfig } from '../../model/facts/engine-config.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import { list } from '../say.ts'

export const engineCanStartAgain = defineCheck({
  id: 'PV-ENG-005',
  title: "dockerd's configuration on disk lets it start again as a member of a Swarm",
  needs: { config: engineConfig, unit: engineUnit },
  judge: ({ config, unit: { argv } }): Judgement[] => {
    const said = { subject: 'dockerd', expected: 'readable, without `live-restore`, which Swarm refuses' }
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
    const inFile = config.kind === 'read' ? config : { liveRestore: false, directives: [] }
    const isFlag = argv.some((word) => word === '--live-restore' || word === '--live-restore=true')
    const file = config.kind === 'none' ? 'no configuration file' : `\`live-restore\` is ${inFile.liveRestore}`
    const actual = isFlag ? `${file}, and a flag of the unit sets it` : file
    if (inFile.liveRestore || isFlag) {
      return [
        {
          ...said,
          actual,
          verdict: 'fail',
          reason:
            'with `live-restore` dockerd does not start on a node of a Swarm: the next restart takes the node down',
          remedy:
            'Take `live-restore` out of the configuration of dockerd (NixOS: `virtualisation.docker.liveRestore = false`).',
        },
      ]
    }
    const twice = inFile.directives.filter((directive) => flagsOf(directive).some((flag) => holdsFlag(argv, flag)))
    if (twice.length === 0) return [{ ...said, actual, verdict: 'pass' }]
    return [
      {
        ...said,
        actual: `set in the file and by a flag of the unit: ${list(twice)}`,
        verdict: 'fail',
        reason: 'dockerd does not start with a setting in both places: the next restart takes the node down',
        remedy: 'Take it out of the file, or out of `ExecStart` in a drop-in for the unit.',
      },
    ]
  },
})

/** Lists have names of their own as flags. */
const flagsOfLists: Readonly<Record<string, readonly string[]>> = {
  hosts: ['--host', '-H'],
  group: ['--group', '-G'],
  debug: ['--debug', '-D'],
  'log-level': ['--log-level', '-l'],
  pidfile: ['--pidfile', '-p'],
  bridge: ['--bridge', '-b'],
  'storage-driver': ['--storage-driver', '-s'],
  labels: ['--label'],
  'insecure-registries': ['--insecure-registry'],
  'registry-mirrors': ['--registry-mirror'],
  'authorization-plugins': ['--authorization-plugin'],
}

function flagsOf(directive: string): readonly string[] {
  return flagsOfLists[directive] ?? [`--${directive}`]
}

function holdsFlag(argv: readonly string[], flag: string): boolean {
  return argv.some((word) => word === flag || word.startsWith(`${flag}=`))
}
