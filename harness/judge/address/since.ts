import type { LeakPoint } from './projection.ts'

export interface Since {
  readonly address: string
  /** ISO 8601: the last census before this one in which it had not leaked. It leaked after that. */
  readonly notYetAt?: string
  /** The first census from which on it has been leaked in all that tell; this one where there is none before. */
  readonly knownSince: string
}

/**
 * Since when each leaked address has been so: `earlier` are censuses of the same network, in any order. One that names no
 * addresses tells nothing, unless it found that none had leaked at all.
 */
export function sinceWhen(addresses: readonly string[], now: string, earlier: readonly LeakPoint[]): readonly Since[] {
  const telling = earlier
    .filter(
      ({ at, addresses: named, leaked }) => Date.parse(at) < Date.parse(now) && (named !== undefined || leaked === 0),
    )
    .map(({ at, addresses: named }) => ({ at, named: new Set(named) }))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return addresses.map((address) => {
    const clear = telling.findIndex(({ named }) => !named.has(address))
    const leakedIn = clear < 0 ? telling : telling.slice(0, clear)
    const notYet = telling[clear]
    return {
      address,
      ...(notYet === undefined ? {} : { notYetAt: notYet.at }),
      knownSince: leakedIn.at(-1)?.at ?? now,
    }
  })
}
