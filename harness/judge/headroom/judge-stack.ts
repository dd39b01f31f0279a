import type { Judgement } from '../../model/check.ts'
import type { StackOutcome } from '../../model/facts/throwaway-batch.ts'

/** What is to be said of one stack by itself: nothing where it ran and went, or where it was never its turn. */
export function judgeStack(stack: StackOutcome): readonly Judgement[] {
  const { name, came, removal } = stack
  const isWell = came === 'running' || came === 'unlaunched'
  if (isWell && removal !== 'left' && stack.why === undefined) return []
  const known = {
    subject: name,
    expected: 'runs on the shared network and on its own, then is gone',
    actual: actualOf(stack),
  }
  const reason = stack.why === undefined ? sentenceOf(stack) : `${stack.why.code}: ${stack.why.seen}`
  if (wasCutShort(stack)) return [{ ...known, verdict: 'unknown', reason, remedy: remedies.interrupted }]
  return [{ ...known, verdict: 'fail', code: codes[came], reason, remedy: remedies[came] }]
}

/** It says nothing about the target: somebody ended the run, or the way to the engine, or the licence to act, was lost. */
function wasCutShort({ came, why }: StackOutcome): boolean {
  if (came === 'stuck' || came === 'ended' || came === 'refused') return false
  if (why === undefined) return came === 'interrupted'
  return !tellingCodes.has(why.code)
}

/** What speaks of the target itself. */
const tellingCodes: ReadonlySet<string> = new Set(['STACK_NO_PORT', 'STACK_LEFT', 'WAIT_TIMED_OUT'])

function actualOf(stack: StackOutcome): string {
  const { lastStates, removal } = stack
  const states = lastStates.length === 0 ? '' : `: ${lastStates.join('; ')}`
  const left = removal === 'left' ? '; it is left to the sweep at the end of the run' : ''
  return `${sentenceOf(stack)}${states}${left}`
}

function sentenceOf({ came, why }: StackOutcome): string {
  const because = why === undefined ? '' : ` (${why.seen})`
  switch (came) {
    case 'running':
      return `ran, and was not gone in time${because}`
    case 'unlaunched':
      return `was not asked for${because}`
    case 'refused':
      return `was refused by the engine${because}`
    case 'stuck':
      return 'its task did not run in time'
    case 'ended':
      return 'its task ended by itself'
    case 'interrupted':
      return `was cut short${because}`
  }
}

const codes = {
  running: 'STACK_NOT_GONE',
  unlaunched: 'STACK_NOT_LAUNCHED',
  refused: 'STACK_REFUSED',
  stuck: 'STACK_STUCK',
  ended: 'STACK_ENDED',
  interrupted: 'STACK_INTERRUPTED',
} as const satisfies Record<StackOutcome['came'], string>

export const remedies = {
  running: 'See which task does not end, and on which node; `pvcheck sweep` removes the stack once it can.',
  unlaunched: 'See the reason; where a port or a name was taken meanwhile, run it again.',
  refused: 'See what the engine said: a port that is taken, a name, a limit of the Swarm. Mend that and run it again.',
  stuck:
    'See the state of its task: `New` is want of an address (`pvcheck census`), `Pending` a constraint or a resource, `Rejected` or `Preparing` the image.',
  ended: 'See its last state: the command of `expect.throwaway` has to go on until it is removed, and to listen.',
  interrupted: 'Run it again; what it left is swept at the end of the run.',
} as const satisfies Record<StackOutcome['came'], string>
