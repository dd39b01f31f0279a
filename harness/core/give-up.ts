/** What comes of it, or the signal's reason, whichever is first; the promise goes on for whoever else waits for it. */
export async function orGiveUp<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise
  signal.throwIfAborted()
  let giveUp: () => void = () => undefined
  const given = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
  })
  try {
    return await Promise.race([promise, given])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
