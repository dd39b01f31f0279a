import type { Paint } from '../../run/paint.ts'

/** How a census is shown: what the screen can do, and how much of it is wanted. */
export interface Style {
  readonly paint: Paint
  /** `undefined` where nobody looks, and nothing is cut. */
  readonly columns: number | undefined
  /** Whether the terminal shows more than ASCII. */
  readonly isUnicode: boolean
  readonly isVerbose: boolean
}

/** By the locale, as every program on a terminal tells; a file or a pipe takes UTF-8 like all of pvcheck's output. */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (!isTerminal) return true
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '')
  return /utf-?8/i.test(locale ?? '')
}
