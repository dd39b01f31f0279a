/** Milliseconds since a `performance.now()`, to the tenth. */
export function msSince(started: number): number {
  return Math.round((performance.now() - started) * 10) / 10
}
