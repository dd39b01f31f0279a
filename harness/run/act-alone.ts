import type { CarefulHand } from '../act/hand/careful.ts'
import { joinActing } from '../act/life/join-acting.ts'
import { PvcheckError } from '../core/errors.ts'
import { endsWithin } from './deadline.ts'
import type { Interrupt } from './interrupt.ts'
import type { Doing } from './perform.ts'

/** Work that creates; `signal` aborts, with the reason, when it is to end. */
export type LoneWork<T> = (hand: CarefulHand, signal: AbortSignal) => Promise<T>

/** How long work may take to end once it is told to: a request that is under way has a deadline of its own. */
const endingMs = 30_000

/**
 * Acts in this very process, where no specs do. When it returns, or throws, nobody holds the hand any more: what the work
 * has left is removed by who gave the licence. Throws what keeps the run from acting, what the work throws, and
 * `RUN_WORKER_LIVES` where that does not end.
 */
export async function actAlone<T>(
  { connection, act }: Pick<Doing, 'connection' | 'act'>,
  interrupt: Interrupt,
  work: LoneWork<T>,
): Promise<T> {
  if (act === undefined) throw mayNotAct()
  const handle = await act()
  // From here on something may be there, and is given the time to be removed.
  using _tidying = interrupt.tidying()
  interrupt.stop.throwIfAborted()
  await using hand = await joinActing(handle, connection.handle, interrupt.stop)
  const signal = AbortSignal.any([interrupt.stop, connection.signal, hand.lost])
  return await endsOnceTold(work(hand, signal), signal)
}

/** The outcome of `work`; once the signal aborts, it must come soon. */
async function endsOnceTold<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const told = new AbortController()
  const tooLate = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      endsWithin(endingMs, 'the work to end', work).catch((error: unknown) => {
        if (error instanceof PvcheckError && error.code === 'RUN_TIMED_OUT') reject(lives(error))
      })
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true, signal: told.signal })
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    told.abort()
  }
}

function lives(cause: unknown): PvcheckError {
  return new PvcheckError({
    code: 'RUN_WORKER_LIVES',
    seen: `what creates did not end within ${endingMs / 1000} s of being told to`,
    wanted: 'nobody who might still create something, before what is there is swept',
    remedy: 'Its janitor removes what is left once this command is gone; `pvcheck sweep` shows what that is.',
    exit: 'residue',
    cause,
  })
}

function mayNotAct(): PvcheckError {
  return new PvcheckError({
    code: 'RUN_MAY_NOT_ACT',
    seen: 'a run that only asks wanted to create something',
    wanted: 'a run that may act',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
