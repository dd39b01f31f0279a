import { messageOf, PvcheckError } from '../../core/errors.ts'
import { plain } from '../../core/text.ts'
import type { Walk } from '../../model/facts/addresses/census.ts'

type Ended = Extract<Walk['ended'], 'stopped' | 'unsure'>

/** Why a walk does not go on; with `unsure` what it has found so far is worth nothing. */
export class Halt extends PvcheckError {
  readonly ended: Ended

  constructor(ended: Ended, code: string, seen: string, remedy: string, cause?: unknown) {
    super({ code, seen, wanted: 'a Swarm that a walk does not harm', remedy, exit: 'unknown', cause })
    this.ended = ended
  }
}

export function serviceWaits(seen: string, remedy: string): Halt {
  return new Halt('stopped', 'SERVICE_WAITS', seen, remedy)
}

export function unhealthy(seen: string): Halt {
  return new Halt(
    'stopped',
    'SWARM_UNHEALTHY',
    seen,
    'Look at the nodes and managers of the Swarm; walk when it is well.',
  )
}

export function allocatorChanged(seen: string, cause?: unknown): Halt {
  const remedy = 'Walk again: an allocator that begins anew knows nothing of what had leaked before.'
  return new Halt('unsure', 'ALLOCATOR_CHANGED', seen, remedy, cause)
}

export function grew(code: 'ENGINE_GREW' | 'RAFT_GREW', what: string, byBytes: number, mostMiB: number): Halt {
  const option = code === 'ENGINE_GREW' ? 'maxEngineGrowthMiB' : 'maxRaftGrowthMiB'
  const seen = `${what} has grown by ${Math.round(byBytes / 2 ** 20)} MiB since the census began, of at most ${mostMiB}`
  return new Halt('stopped', code, seen, `Walk a part with \`--window N\`, or allow more: \`expect.census.${option}\`.`)
}

export function slower(lastMs: number, usualMs: number, times: number): Halt {
  const seen = `a list of services takes ${Math.round(lastMs)} ms; before the walk it took ${Math.round(usualMs)} ms`
  const remedy = `See what else keeps dockerd busy, or allow more than ${times} times: \`expect.census.maxSlowdown\`.`
  return new Halt('stopped', 'ENGINE_SLOWER', seen, remedy)
}

export function tooLong(seconds: number): Halt {
  const remedy = 'Walk a part with `--window N`, or allow more time: `expect.census.walkSeconds`.'
  return new Halt('stopped', 'WALK_TOO_LONG', `the walk has taken ${seconds} s`, remedy)
}

export function networkGone(name: string, cause?: unknown): Halt {
  const seen = `the network ${plain(name, 100)} was removed while it was walked`
  return new Halt('stopped', 'NETWORK_REMOVED', seen, 'There is nothing to walk any more.', cause)
}

/** What a walk ran into that nobody has a better word for. */
export function haltBecause(error: unknown): Halt {
  if (error instanceof Halt) return error
  if (error instanceof PvcheckError) {
    if (error.code === 'REACH_ENGINE_GONE') return allocatorChanged(error.seen, error)
    return new Halt('stopped', error.code, error.seen, error.remedy, error)
  }
  return new Halt('stopped', 'WALK_INTERRUPTED', messageOf(error), 'Walk again when it suits.', error)
}
