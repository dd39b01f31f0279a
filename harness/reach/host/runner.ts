/** What a command said. A non-zero exit is an answer, too. */
export interface CommandAnswer {
  /** The command line, quoted so that a person can run it on the host. */
  readonly what: string
  /** ISO 8601, by the clock of this machine. */
  readonly startedAt: string
  readonly durationMs: number
  /** 128 + n when a signal ended it; 127 when there is no such command. */
  readonly exitCode: number
  /** UTF-8; bytes that are not become U+FFFD. */
  readonly stdout: string
  readonly stderr: string
  /** More came than `maxBytes`, and the rest is not here. */
  readonly truncated: boolean
}

export interface RunOptions {
  readonly stdin?: string
  /** The target's `timeoutMs` by default. */
  readonly timeoutMs?: number
  /** For each of stdout and stderr; 32 MiB by default. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

/** Runs commands where dockerd is: no shell in between, `LC_ALL=C`, `sbin` in the PATH. */
export interface HostRunner {
  /** Throws a `PvcheckError` only when the command could not be run to its end (`REACH_SSH_LOST`, `REACH_COMMAND_TIMEOUT`, ...). */
  run(argv: readonly string[], options?: RunOptions): Promise<CommandAnswer>
}
