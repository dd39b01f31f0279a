/** What each exit code means; `docs/exit-codes.md` is printed from this table. */
export const exitCodes = {
  pass: { code: 0, meaning: 'everything that was asked for passed (waived findings included)' },
  failed: { code: 1, meaning: 'a gate failed' },
  unknown: { code: 2, meaning: 'something could not be established, or the observers disagree' },
  blocked: { code: 3, meaning: 'the host is unfit or out of reach; nothing was touched' },
  residue: { code: 4, meaning: 'something of a run is still there' },
  empty: { code: 5, meaning: 'nothing was executed' },
  locked: { code: 6, meaning: 'another run holds the lock' },
  stale: { code: 7, meaning: 'the evidence is stale or broken' },
  usage: { code: 64, meaning: 'wrong usage or configuration' },
  internal: { code: 70, meaning: 'a fault of pvcheck itself' },
  interrupted: { code: 130, meaning: 'interrupted (Ctrl-C, SIGHUP), and cleaned up' },
  terminated: { code: 143, meaning: 'terminated (SIGTERM), and cleaned up' },
} as const

export type ExitName = keyof typeof exitCodes

const precedence: readonly ExitName[] = [
  'internal',
  'residue',
  'stale',
  'failed',
  'locked',
  'blocked',
  'unknown',
  'empty',
]

/** The exit that stands when several hold: 70, 4, 7, 1, 6, 3, 2, 5 in this order; `pass` when none does. */
export function worstExit(exits: readonly ExitName[]): ExitName {
  const single = exits.find((exit) => exit !== 'pass' && !precedence.includes(exit))
  return precedence.find((exit) => exits.includes(exit)) ?? single ?? 'pass'
}
