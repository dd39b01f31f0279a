import type { CensusProgress } from '../../act/census/census-parts.ts'
import { plain } from '../../core/text.ts'
import type { RecordBody } from '../../model/record.ts'
import type { RunConsole } from '../../run/console.ts'
import { createCounter } from '../../run/counter.ts'

/** What a census tells while it is at work; findings are kept for the end, where the table shows them. */
export interface CensusConsole extends RunConsole {
  readonly onProgress: (progress: CensusProgress) => void
  /** All that was recorded but the observations. */
  readonly bodies: readonly RecordBody[]
  /** Before anything else is written. */
  readonly clear: () => void
}

export function createCensusConsole(
  write: (text: string) => void,
  { columns }: { readonly columns: number | undefined },
): CensusConsole {
  const counter = createCounter(write, columns)
  const bodies: RecordBody[] = []
  return {
    bodies,
    clear: counter.clear,
    progress: (text) => counter.show(plain(text)),
    say: (text) => {
      counter.clear()
      write(`${plain(text, 500)}\n`)
    },
    show: (body) => {
      bodies.push(body)
      if (body.kind !== 'trouble') return
      counter.clear()
      write(`${body.code}  ${plain(body.seen)}\n`)
      write(`  wanted  ${plain(body.wanted)}\n  remedy  ${plain(body.remedy)}\n`)
    },
    onProgress: (progress) => counter.show(lineOf(progress)),
  }
}

function lineOf({ network, what, done, of }: CensusProgress): string {
  const far = done === undefined || of === undefined ? '' : `  ${number(done)} of ${number(of)}`
  return `${plain(network, 60)}: ${plain(what)}${far}`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
