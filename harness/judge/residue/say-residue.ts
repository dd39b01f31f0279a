import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import type { SwarmObject } from '../../model/facts/residue/swarm-object.ts'
import type { Task } from '../../model/facts/tasks.ts'

/** `service web`: a name is the host's, and may hold anything. */
export function nameOfObject({ kind, name }: Pick<SwarmObject, 'kind' | 'name'>): string {
  return `${kind} ${plain(name, 80)}`
}

export function nameOfTask({ ID, Status }: Task): string {
  return `task ${plain(ID, 80)} (${plain(Status.State, 40)})`
}

interface Left {
  readonly subject: string
  readonly expected: string
  readonly actual: string
  readonly remedy: string
}

/** The finding of something that should be gone. */
export function left({ subject, expected, actual, remedy }: Left): Judgement {
  return {
    ...{ subject, expected, actual, verdict: 'fail', code: 'RESIDUE_LEFT' },
    reason: 'what a run of pvcheck creates is gone when it ends, and this is not',
    remedy,
  }
}
