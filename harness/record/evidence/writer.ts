import type { FileHandle } from 'node:fs/promises'
import { writeProblem } from './disk.ts'

interface Waiting {
  readonly line: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Lines in the order given, each on disk before its promise resolves; those that wait together share one sync. */
export interface LineWriter {
  write(line: string): Promise<void>
  /** Waits for what is under way, then closes the file. */
  close(): Promise<void>
}

/** Owns `handle`. After one failure nothing more is written: what follows would be chained to a line that is not there. */
export function createWriter(handle: FileHandle, path: string, problemOf = writeProblem): LineWriter {
  let waiting: Waiting[] = []
  let working: Promise<void> | undefined
  let failure: unknown

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        if (failure !== undefined) throw failure
        await handle.appendFile(batch.map(({ line }) => `${line}\n`).join(''))
        await handle.datasync()
        for (const { resolve } of batch) resolve()
      } catch (error) {
        failure ??= problemOf(path, error)
        for (const { reject } of batch) reject(failure)
      }
    }
    working = undefined
  }

  return {
    write(line) {
      // Not left to `drain`: with nothing to wait for it would end before it is remembered as working.
      if (failure !== undefined) return Promise.reject(failure)
      return new Promise((resolve, reject) => {
        waiting.push({ line, resolve, reject })
        working ??= drain()
      })
    },
    async close() {
      await working
      await handle.close()
    },
  }
}
