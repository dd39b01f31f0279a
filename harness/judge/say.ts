/** `1 task`, `2 tasks`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`
}

/** `a, b and 3 more`: a list that stays readable whatever the host holds. */
export function list(items: readonly string[], most = 6): string {
  const shown = items.slice(0, most).join(', ')
  return items.length > most ? `${shown} and ${items.length - most} more` : shown
}

/** `3 d 4 h`, `12 min`, `8 s`: the two largest units. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const units: readonly (readonly [string, number])[] = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ]
  const first = units.findIndex(([, value]) => value > 0)
  if (first < 0) return '0 s'
  const shown = units.slice(first, first + 2).filter(([, value]) => value > 0)
  return shown.map(([unit, value]) => `${value} ${unit}`).join(' ')
}

/** Share of a whole, with as many digits as tell it from nothing, and from all: `0.02 %`, `12 %`, `99 %`. */
export function percent(value: number): string {
  if (value === 0) return '0 %'
  if (value < 1) return `${Number(value.toPrecision(1))} %`
  return `${value < 100 ? Math.min(99, Math.round(value)) : Math.round(value)} %`
}
