import { PvcheckError } from '../../core/errors.ts'
import { plain } from '../../core/text.ts'
import { messageIn } from '../../reach/engine/body.ts'
import type { EngineAnswer } from '../../reach/engine/reader.ts'
import type { CreatedKind } from '../mark/intent-line.ts'

/** The engine did not take a create. Whether something was made all the same, `isCertain` tells. */
export function createRefused(
  { kind, name }: { readonly kind: CreatedKind; readonly name: string },
  { what, status, body }: EngineAnswer,
  isCertain: boolean,
): PvcheckError {
  const doubt = isCertain ? '' : '; it may be created all the same, and is swept then'
  return new PvcheckError({
    code: 'CREATE_REFUSED',
    seen: `the ${kind} ${name} was not created: ${what} was answered with ${status}, ${plain(messageIn(body), 300)}${doubt}`,
    wanted: `a Swarm that takes the ${kind}`,
    remedy: 'See what the engine says, and look at the manager and at dockerd there.',
    exit: 'failed',
  })
}

/** The engine did not take a remove. */
export function notRemoved({ what, status, body }: EngineAnswer): PvcheckError {
  return new PvcheckError({
    code: 'REMOVE_REFUSED',
    seen: `${what} was answered with ${status}, ${plain(messageIn(body), 300)}`,
    wanted: 'a Swarm that removes a service of ours',
    remedy: 'Nothing is to be done: the run sweeps it, or the next one does.',
    exit: 'residue',
  })
}

/** An answer to a create that names nothing. */
export function withoutId({ what, status }: EngineAnswer): PvcheckError {
  return new PvcheckError({
    code: 'CREATE_UNREADABLE',
    seen: `${what} was answered with ${status}, but without an id`,
    wanted: 'the id of what was created',
    remedy:
      'If a proxy stands before the socket, let it pass what the engine answers; else look at the log of dockerd.',
    exit: 'unknown',
  })
}

/** Lists in which a lost create is looked for cannot be had. */
export function cannotFind(kind: CreatedKind, name: string, { what, status }: EngineAnswer): PvcheckError {
  return new PvcheckError({
    code: 'CREATE_UNCERTAIN',
    seen: `whether the ${kind} ${name} was created cannot be told: ${what} was answered with ${status}`,
    wanted: 'a list in which it is or is not',
    remedy: 'Nothing is to be done: the run sweeps it, or the next one does.',
    exit: 'unknown',
  })
}
