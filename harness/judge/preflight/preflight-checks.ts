import type { AnyCheck, Requirement } from '../../model/check.ts'
import { hostCanSweep } from './host-can-sweep.ts'
import { imageIsOnHost } from './image-is-on-host.ts'
import { jobsAreNotRunning } from './jobs-are-not-running.ts'
import { lockFilesAreFree } from './lock-files-are-free.ts'
import { noBuildIsActive } from './no-build-is-active.ts'
import { noRunAppIsLive } from './no-run-app-is-live.ts'
import { noServiceWaits } from './no-service-waits.ts'
import { noTaskIsStopping } from './no-task-is-stopping.ts'
import { hostNotQuiet } from './not-quiet.ts'
import { nothingConverges } from './nothing-converges.ts'
import { portsAreFree } from './ports-are-free.ts'
import { roomForStacks } from './room-for-stacks.ts'

/** All that must hold before a run creates anything, each asked right then. */
export const preflightChecks = [
  jobsAreNotRunning,
  lockFilesAreFree,
  noBuildIsActive,
  noRunAppIsLive,
  nothingConverges,
  noTaskIsStopping,
  noServiceWaits,
  roomForStacks,
  imageIsOnHost,
  portsAreFree,
  hostCanSweep,
] as const satisfies readonly AnyCheck[]

const codes: Partial<Record<AnyCheck['id'], string>> = {
  'PV-PRE-007': 'SERVICE_WAITS_FOR_ADDRESS',
  'PV-PRE-008': 'NO_ROOM',
  'PV-PRE-009': 'IMAGE_MISSING',
  'PV-PRE-010': 'NO_FREE_PORTS',
  'PV-PRE-011': 'HOST_CANNOT_SWEEP',
}

/** What is not known to hold stands in the way as much as what does not. */
export const preflightRequirements: readonly Requirement[] = preflightChecks.map((check) => ({
  check,
  code: codes[check.id] ?? hostNotQuiet,
  expected: `before anything is created: ${check.title}`,
  remedy: `The finding of ${check.id} says what to do. Then run it again.`,
  blocks: () => true,
}))
