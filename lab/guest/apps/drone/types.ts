/** The CI server's data in Drone's own words; types only, nothing of this file runs. Times are unix seconds, 0 where not yet. */

export type Status =
  | 'skipped'
  | 'blocked'
  | 'declined'
  | 'waiting_on_dependencies'
  | 'pending'
  | 'running'
  | 'success'
  | 'failure'
  | 'killed'
  | 'error'

export interface Line {
  readonly pos: number
  readonly out: string
  /** Seconds since the step's start. */
  readonly time: number
}

export interface Step {
  number: number
  name: string
  status: Status
  exit_code: number
  started: number
  stopped: number
}

export interface Stage {
  number: number
  name: string
  kind: 'pipeline'
  type: 'exec'
  status: Status
  exit_code: number
  machine: string
  started: number
  stopped: number
  steps: Step[]
}

export interface Build {
  id: number
  number: number
  status: Status
  event: 'custom'
  trigger: string
  message: string
  after: string
  ref: string
  source: string
  target: string
  params: Record<string, string>
  started: number
  finished: number
  created: number
  updated: number
  stages: Stage[]
}

export interface Head {
  readonly after: string
  readonly message: string
}

export interface History {
  /** What each branch points at: this server has no repository of its own to ask. */
  heads: Record<string, Head>
  builds: Build[]
  /** By `<build>/<stage>/<step>`, from the step's end on. */
  logs: Record<string, Line[]>
}
