import { PvcheckError } from '../../core/errors.ts'
import { plain } from '../../core/text.ts'
import { type Mark, markLabels } from '../../model/mark.ts'

/** Something is not of the run that is about to change it, and is left alone. */
export function notOurs(what: string, why: string, run: string): PvcheckError {
  return new PvcheckError({
    code: 'OWN_NOT_OURS',
    seen: `${what} ${plain(why, 300)}`,
    wanted: `an object with the label \`${markLabels.run}=${run}\`, as the run creates them`,
    remedy: 'It was left as it is. Look at who made it; if nobody needs it, remove it with the docker command.',
    exit: 'residue',
  })
}

/** A container of the run is still the Swarm's to end and to remove. */
export function ofTask(what: string, task: string, state: string): PvcheckError {
  return new PvcheckError({
    code: 'OWN_OF_TASK',
    seen: `${what} is of the task ${plain(task, 40)}, which is ${plain(state, 40)}`,
    wanted: 'a container whose task has ended, or that the Swarm knows nothing of any more',
    remedy: 'It was left as it is. Look at its service, and at the node, then run the same command again.',
    exit: 'residue',
  })
}

/** What became of something, or whose it is, cannot be told from what the engine said. */
export function cannotRead(what: string, why: string): PvcheckError {
  return new PvcheckError({
    code: 'OWN_CANNOT_READ',
    seen: `${what} could not be read or changed: ${plain(why, 300)}`,
    wanted: 'the labels that tell whose it is, or that there is none',
    remedy: 'Look at the manager and at dockerd there, then run the same command again.',
    exit: 'unknown',
  })
}

/** A spec says of itself that it belongs to somebody else. */
export function markDenied(said: unknown, { run, owner }: Mark): PvcheckError {
  return new PvcheckError({
    code: 'OWN_MARK_DENIED',
    seen: `the run ${run} of ${owner} was to create something whose labels say ${plain(JSON.stringify(said), 300)}`,
    wanted: 'only objects that carry the marks of the run which creates them',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
