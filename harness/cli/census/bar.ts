import type { Style } from './style.ts'

interface Shares {
  readonly held: number
  readonly leaked: number
  readonly capacity: number
}

const signs = {
  unicode: { held: '█', leaked: '▒', free: '·' },
  ascii: { held: '#', leaked: 'x', free: '.' },
} as const

/** `███▒▒·····`: what is held, what is leaked, what is left. Whatever there is of a share shows as one cell at least. */
export function barOf(shares: Shares, width: number, { isUnicode, paint }: Style): string {
  const sign = isUnicode ? signs.unicode : signs.ascii
  const { held, leaked } = cellsOf(shares, width)
  const free = Math.max(0, width - held - leaked)
  return [
    paint('bold', sign.held.repeat(held)),
    leaked === 0 ? '' : paint('fail', sign.leaked.repeat(leaked)),
    paint('dim', sign.free.repeat(free)),
  ].join('')
}

/** What the signs of a bar stand for. */
export function legendOf({ isUnicode }: Pick<Style, 'isUnicode'>): string {
  const sign = isUnicode ? signs.unicode : signs.ascii
  return `${sign.held} held  ${sign.leaked} leaked  ${sign.free} free`
}

function cellsOf({ held, leaked, capacity }: Shares, width: number): { held: number; leaked: number } {
  if (capacity === 0) return { held: 0, leaked: 0 }
  const isFull = held + leaked >= capacity
  // The last cell stands for what is free as long as anything is.
  const most = isFull ? width : width - 1
  const cells = (count: number): number => (count === 0 ? 0 : Math.max(1, Math.round((count / capacity) * width)))
  const leakedCells = Math.min(cells(leaked), most)
  const heldCells = Math.min(cells(held), Math.max(0, most - leakedCells))
  return { held: isFull ? width - leakedCells : heldCells, leaked: leakedCells }
}
