import { joinErrors } from './errors.ts'

type Cleanup = () => Promise<void> | void

/** Clean-ups that run once, last registered first, each on its own; register before the create that can half-succeed. */
export class Disposer implements AsyncDisposable {
  readonly #cleanups: Cleanup[] = []

  defer(cleanup: Cleanup): void {
    this.#cleanups.push(cleanup)
  }

  /** Runs what is left. Throws the first failure, with the others joined on, after all have been tried. */
  async dispose(): Promise<void> {
    const failures: unknown[] = []
    for (let cleanup = this.#cleanups.pop(); cleanup !== undefined; cleanup = this.#cleanups.pop()) {
      try {
        await cleanup()
      } catch (error) {
        failures.push(error)
      }
    }
    const [first, ...others] = failures
    if (first !== undefined) throw joinErrors(first, others)
  }

  /** Runs what is left after a failure; returns that failure, with what went wrong on the way joined on. */
  async disposeAfter(failure: unknown): Promise<unknown> {
    try {
      await this.dispose()
      return failure
    } catch (error) {
      return joinErrors(failure, [error])
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }
}
