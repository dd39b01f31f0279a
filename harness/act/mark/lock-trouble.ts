import { PvcheckError } from '../../core/errors.ts'
import { lockName, type Mark, markLabels } from '../../model/mark.ts'
import type { EngineAnswer } from '../../reach/engine/reader.ts'
import type { LockObject } from './lock-object.ts'

const wantedAlone = 'a Swarm on which no other run of pvcheck acts'
const clear = `if that run is certainly over, \`docker config rm ${lockName}\` clears it.`

/** Another run holds the lock; `freeAt` is when it can be taken over. */
export function heldBy({ createdAt }: LockObject, mark: Mark, now: string, freeAt: string): PvcheckError {
  return new PvcheckError({
    code: 'LOCK_HELD',
    seen: `the run ${mark.run} of \`${mark.owner}\` holds the lock of this Swarm since ${createdAt}, until ${mark.expires} where it does not renew it; the engine's clock shows ${now}`,
    wanted: wantedAlone,
    remedy: `Let that run end. If it was killed, its janitor cleans up and gives the lock back, within seconds as a rule; else a lock that was not renewed is taken over from ${freeAt} on. Sooner, ${clear}`,
    exit: 'locked',
  })
}

/** There is a config of that name, and nobody can tell whose. */
export function foreignLock({ id, reading, createdAt }: LockObject): PvcheckError {
  const why = reading.kind === 'damaged' ? reading.why : `it has no label \`${markLabels.run}\``
  return new PvcheckError({
    code: 'LOCK_FOREIGN',
    seen: `the config ${lockName} (${id}), created ${createdAt}, does not say which run it belongs to: ${why}`,
    wanted: wantedAlone,
    remedy: `Look at it (\`docker config inspect ${lockName}\`); nothing takes it over by itself. Where no run of pvcheck is under way, \`docker config rm ${lockName}\` clears it.`,
    exit: 'locked',
  })
}

/** Others were faster each time, or the Swarm does not do what it is asked. */
export function contended(attempts: number, last: EngineAnswer): PvcheckError {
  return new PvcheckError({
    code: 'LOCK_CONTENDED',
    seen: `the lock was neither taken nor held by anybody in ${attempts} attempts; the last answer was ${said(last)}`,
    wanted: wantedAlone,
    remedy: 'See which other runs of pvcheck are starting on this Swarm, and run again.',
    exit: 'locked',
  })
}

/** The Swarm does not do what the lock needs. */
export function refused(answer: EngineAnswer): PvcheckError {
  return new PvcheckError({
    code: 'LOCK_REFUSED',
    seen: said(answer),
    wanted: 'a Swarm that lets configs be created, labelled and removed',
    remedy: 'See what it says: pvcheck acts on no Swarm in which it cannot hold a lock.',
    exit: 'blocked',
  })
}

function said({ what, status, body }: EngineAnswer): string {
  const text = typeof body === 'object' && body !== null && 'message' in body ? body.message : body
  return `${what}: ${status}${typeof text === 'string' && text !== '' ? `, ${text.slice(0, 200)}` : ''}`
}

/** The lock was ours and is not any more: from here on nothing may be created. */
export function lost(seen: string): PvcheckError {
  return new PvcheckError({
    code: 'LOCK_LOST',
    seen: `the lock of this Swarm is no longer ours: ${seen}`,
    wanted: 'the lock for as long as anything is created',
    remedy:
      'Run again. If this machine slept, keep it awake; if the Swarm did not answer for that long, see what ails it.',
    exit: 'unknown',
  })
}

/** Two clocks that leases are measured by are too far apart for any lease to mean much. */
export function clocksApart(leader: string, engine: string, allowedSeconds: number): PvcheckError {
  return new PvcheckError({
    code: 'LOCK_CLOCKS_APART',
    seen: `the manager that leads the Swarm dated the lock ${leader}, when the clock of the engine that was asked showed ${engine}`,
    wanted: `managers whose clocks agree to within ${allowedSeconds} s`,
    remedy: 'Let the managers keep time together (chrony, systemd-timesyncd), or point `target.engine` at the leader.',
    exit: 'blocked',
  })
}

/** Our lock is still in the Swarm. */
export function notReleased(id: string, expires: string, cause: unknown): PvcheckError {
  return new PvcheckError({
    code: 'LOCK_NOT_RELEASED',
    seen: `the config ${lockName} (${id}) could not be removed`,
    wanted: 'the lock given back at the end of the run',
    remedy: `The next run takes it over when its lease has ended, at ${expires}; before that, \`docker config rm ${lockName}\`.`,
    exit: 'residue',
    cause,
  })
}

export function misuse(seen: string): PvcheckError {
  return new PvcheckError({
    code: 'LOCK_MISUSED',
    seen,
    wanted: 'a lease that lasts longer than what is done under it',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
