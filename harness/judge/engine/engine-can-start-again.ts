import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { engineConfig } from '../../model/facts/engine-config.ts'
import { engineConfigTrial } from '../../model/facts/engine-config-trial.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import { list } from '../say.ts'
import { knowsDirective, setsDirective } from './engine-flags.ts'

const subject = 'dockerd'
const expected = 'settings that dockerd knows, each in one place, without `live-restore`, which Swarm refuses'
const nextRestart = 'the next restart takes the node down'

export const engineCanStartAgain = defineCheck({
  id: 'PV-ENG-005',
  title: "dockerd's configuration on disk lets it start again as a member of a Swarm",
  needs: { config: engineConfig, unit: engineUnit, trial: engineConfigTrial },
  judge: ({ config, unit, trial }) => {
    const { argv } = unit
    if (config.kind === 'broken') return [fail('a configuration file that is no JSON object', noJson)]
    const inFile = config.kind === 'read' ? config : { liveRestore: false, directives: [], empty: false }
    const isFlag = argv.some((word) => word === '--live-restore' || word === '--live-restore=true')
    const file = config.kind === 'none' ? 'no configuration file' : `\`live-restore\` is ${inFile.liveRestore}`
    const actual = isFlag ? `${file}, and a flag of the unit sets it` : file
    if (inFile.liveRestore || isFlag) return [fail(actual, liveRestore)]
    const twice = inFile.directives.filter((directive) => setsDirective(argv, directive))
    if (twice.length > 0) return [fail(`set in the file and by a flag of the unit: ${list(twice)}`, inBothPlaces)]
    if (trial.kind === 'refused') return [fail(`refused by \`dockerd --validate\`: ${trial.answer}`, refused)]
    if (trial.kind === 'flags' && inFile.empty) return [fail('a configuration file without a byte in it', empty)]
    if (unit.needsDaemonReload) return [unknown(`${actual}; ${unit.id} was changed on disk`, notReloaded)]
    if (trial.kind === 'unanswered') {
      const reason = `whether dockerd knows its settings cannot be told: \`${trial.command}\` answered with ${trial.answer}`
      return [unknown(`${actual}; settings: ${list(inFile.directives) || 'none'}`, { reason, remedy: askByHand })]
    }
    const flags = new Set(trial.kind === 'flags' ? trial.flags : [])
    const strange = trial.kind === 'flags' ? inFile.directives.filter((name) => !knowsDirective(flags, name)) : []
    if (strange.length > 0) return [unknown(`in the file, and no flag of dockerd: ${list(strange)}`, strangers)]
    return [{ subject, expected, actual, verdict: 'pass' }]
  },
})

type Why = Required<Pick<Judgement, 'reason' | 'remedy'>>

function fail(actual: string, why: Why): Judgement {
  return { subject, expected, actual, verdict: 'fail', ...why }
}

function unknown(actual: string, why: Why): Judgement {
  return { subject, expected, actual, verdict: 'unknown', ...why }
}

const noJson: Why = {
  reason: `dockerd does not start with it: ${nextRestart}`,
  remedy: 'Mend the file: `python3 -m json.tool` or `jq .` names the place.',
}

const empty: Why = {
  reason: `engines before 23.0 do not start with it: ${nextRestart}`,
  remedy: 'Remove the file, or write `{}` into it.',
}

const liveRestore: Why = {
  reason: `with \`live-restore\` dockerd does not start on a node of a Swarm: ${nextRestart}`,
  remedy:
    'Take `live-restore` out of the configuration of dockerd (NixOS: `virtualisation.docker.liveRestore = false`).',
}

const inBothPlaces: Why = {
  reason: `dockerd does not start with a setting in both places: ${nextRestart}`,
  remedy: 'Take it out of the file, or out of `ExecStart` in a drop-in for the unit.',
}

const refused: Why = {
  reason: `dockerd does not start with it: ${nextRestart}`,
  remedy: 'Mend what it names in the file, and run the same command again until it says `configuration OK`.',
}

// Not a failure: a plain restart goes by the unit that is loaded, and that one was judged. A reboot, or the reload of
// any other package, goes by the one on disk, and of that one systemd tells nothing before it has loaded it.
const notReloaded: Why = {
  reason: 'systemd has not loaded the change: what the next start will run cannot be told',
  remedy: '`systemctl daemon-reload` (it restarts nothing), and look again.',
}

// Its help does not name flags that are about to go, and this list of them may lack one.
const strangers: Why = {
  reason: `dockerd does not start with a setting that it does not know: ${nextRestart}, unless it is one that the help leaves out`,
  remedy: 'Look it up in the documentation of this engine, and take it out of the file if it is not there.',
}

const askByHand =
  'Run that command on the manager; with an engine from a snap, or behind a script, look into its own documentation for its configuration file.'
