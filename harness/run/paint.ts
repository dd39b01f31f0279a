import type { Verdict } from '../model/verdict.ts'

type Tone = Verdict | 'dim' | 'bold'

const codes: Readonly<Record<Tone, readonly [on: number, off: number]>> = {
  pass: [32, 39],
  waived: [33, 39],
  unknown: [33, 39],
  blocked: [31, 39],
  fail: [31, 39],
  'n/a': [2, 22],
  dim: [2, 22],
  bold: [1, 22],
}

export type Paint = (tone: Tone, text: string) => string

/** Colours, or nothing of the kind. */
export function createPaint(color: boolean): Paint {
  return (tone, text) => {
    const [on, off] = codes[tone]
    return color ? `\u001B[${on}m${text}\u001B[${off}m` : text
  }
}
