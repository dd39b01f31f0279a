const hourMs = 3_600_000

/** When something was, as exactly as it was said; milliseconds since the epoch. */
export interface Moment {
  readonly earliestMs: number
  readonly latestMs: number
}

const iso = /(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?/
const inHeaders = /\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT/

/**
 * The first moment that a text names, in ISO 8601 or as headers write it: what `Date.parse` makes of other texts is no
 * time at all. Where the zone is not said it may be any, where the hour is not, any of that day.
 */
export function momentIn(text: string): Moment | undefined {
  const [, day, time, zone] = iso.exec(text) ?? []
  if (day === undefined) return exactly(Date.parse(inHeaders.exec(text)?.[0] ?? ''))
  const startMs = Date.parse(`${day}T${time ?? '00:00'}${zoneOf(zone)}`)
  if (Number.isNaN(startMs) || zone !== undefined) return exactly(startMs)
  return { earliestMs: startMs - 14 * hourMs, latestMs: startMs + 12 * hourMs + (time === undefined ? 24 * hourMs : 0) }
}

function zoneOf(zone = 'Z'): string {
  return /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z'
}

function exactly(atMs: number): Moment | undefined {
  return Number.isNaN(atMs) ? undefined : { earliestMs: atMs, latestMs: atMs }
}
