/** One line that says what is going on right now. */
export interface Counter {
  readonly show: (text: string) => void
  /** Before anything else is written. */
  readonly clear: () => void
}

/** In a pipe nobody needs to hear more often, milliseconds. */
const pipeMs = 5_000
const eraseLine = '\r\u001B[2K'

/** On a screen of `columns` it is written over; where there are none, as in a pipe, it is a plain line now and then. */
export function createCounter(write: (text: string) => void, columns: number | undefined): Counter {
  let shown = ''
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    show: (text) => {
      const now = performance.now()
      if (text === shown || (columns === undefined && now - shownAt < pipeMs)) return
      shown = text
      shownAt = now
      write(columns === undefined ? `… ${text}\n` : `${eraseLine}… ${text}`.slice(0, columns + eraseLine.length - 1))
    },
    clear: () => {
      if (columns !== undefined && shown !== '') write(eraseLine)
      shown = ''
    },
  }
}
