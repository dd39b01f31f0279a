/** Where a command may print, and how. */
export interface Terminal {
  /** Standard output: what was asked for. */
  readonly out: (text: string) => void
  /** Standard error: what went wrong, and progress where standard output is for a machine. */
  readonly err: (text: string) => void
  readonly color: boolean
  /** Width of the screen; `undefined` where nobody looks, and nothing is cut. */
  readonly columns: number | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** The process's own streams. A reader that has gone away (`pvcheck ... | head`) does not end the command. */
export function processTerminal(env: Environment): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  const isTerminal = process.stdout.isTTY === true && env['TERM'] !== 'dumb'
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    color: isTerminal && (env['NO_COLOR'] ?? '') === '',
    columns: isTerminal ? process.stdout.columns : undefined,
  }
}
