import type { AnyCheck } from '../model/check.ts'
import { censusChecks } from './census/census-checks.ts'
import { bridgeIsAlive } from './ci/bridge-is-alive.ts'
import { ciAnswersForItself } from './ci/ci-answers-for-itself.ts'
import { dashboardShowsLatestRuns } from './ci/dashboard-shows-latest-runs.ts'
import { reportIsRecent } from './ci/report-is-recent.ts'
import { apiIsRecent } from './engine/api-is-recent.ts'
import { engineCanStartAgain } from './engine/engine-can-start-again.ts'
import { engineDidNotCrash } from './engine/engine-did-not-crash.ts'
import { engineIsCurrent } from './engine/engine-is-current.ts'
import { engineRuns } from './engine/engine-runs.ts'
import { throwawayStacksComeAndGo } from './headroom/throwaway-stacks-come-and-go.ts'
import { journalIsNotBlind } from './journal/journal-is-not-blind.ts'
import { journalIsPersistent } from './journal/journal-is-persistent.ts'
import { journalReachesBack } from './journal/journal-reaches-back.ts'
import { noExhaustion } from './journal/no-exhaustion.ts'
import { noLeak } from './journal/no-leak.ts'
import { noRace } from './journal/no-race.ts'
import { nothingWasSuppressed } from './journal/nothing-was-suppressed.ts'
import { addressesAreHeldOnce } from './network/addresses-are-held-once.ts'
import { engineCountAgrees } from './network/engine-count-agrees.ts'
import { liveSubnetIsDeclared } from './network/live-subnet-is-declared.ts'
import { liveSubnetIsIntended } from './network/live-subnet-is-intended.ts'
import { otherOverlaysHaveRoom } from './network/other-overlays-have-room.ts'
import { overlaysAreAllocated } from './network/overlays-are-allocated.ts'
import { overlaysAreClearOfHost } from './network/overlays-are-clear-of-host.ts'
import { overlaysDoNotOverlap } from './network/overlays-do-not-overlap.ts'
import { servicesHaveAddresses } from './network/services-have-addresses.ts'
import { sharedNetworkHasRoom } from './network/shared-network-has-room.ts'
import { sharedNetworkIsThere } from './network/shared-network-is-there.ts'
import { preflightChecks } from './preflight/preflight-checks.ts'
import { backendsAreRunning } from './proxy/backends-are-running.ts'
import { nothingIsInError } from './proxy/nothing-is-in-error.ts'
import { portsLetUsIn } from './proxy/ports-let-us-in.ts'
import { proxyIsAlive } from './proxy/proxy-is-alive.ts'
import { residueChecks } from './residue/residue-checks.ts'
import { certificatesLast } from './route/certificates-last.ts'
import { routesLeadToTheirService } from './route/routes-lead-to-their-service.ts'
import { unknownNamesGetNothing } from './route/unknown-names-get-nothing.ts'
import { controlPlaneRuns } from './service/control-plane-runs.ts'
import { restartsAreFew } from './service/restarts-are-few.ts'
import { stacksAreComplete } from './service/stacks-are-complete.ts'
import { tasksAreNotStuck } from './service/tasks-are-not-stuck.ts'
import { tasksAreOnSharedNetwork } from './service/tasks-are-on-shared-network.ts'
import { updatesAreFinished } from './service/updates-are-finished.ts'
import { managersAreReachable } from './swarm/managers-are-reachable.ts'
import { nodeManages } from './swarm/node-manages.ts'
import { nodesAreReady } from './swarm/nodes-are-ready.ts'
import { quorumHasMargin } from './swarm/quorum-has-margin.ts'

/** The checks that only ask. */
export const checks = [
  engineIsCurrent,
  apiIsRecent,
  engineRuns,
  engineDidNotCrash,
  engineCanStartAgain,
  nodeManages,
  nodesAreReady,
  managersAreReachable,
  quorumHasMargin,
  sharedNetworkIsThere,
  liveSubnetIsIntended,
  liveSubnetIsDeclared,
  sharedNetworkHasRoom,
  otherOverlaysHaveRoom,
  addressesAreHeldOnce,
  servicesHaveAddresses,
  overlaysAreAllocated,
  overlaysDoNotOverlap,
  overlaysAreClearOfHost,
  engineCountAgrees,
  stacksAreComplete,
  controlPlaneRuns,
  tasksAreNotStuck,
  restartsAreFew,
  tasksAreOnSharedNetwork,
  updatesAreFinished,
  journalIsNotBlind,
  journalReachesBack,
  journalIsPersistent,
  nothingWasSuppressed,
  noExhaustion,
  noLeak,
  noRace,
  routesLeadToTheirService,
  certificatesLast,
  unknownNamesGetNothing,
  nothingIsInError,
  backendsAreRunning,
  proxyIsAlive,
  portsLetUsIn,
  ciAnswersForItself,
  dashboardShowsLatestRuns,
  reportIsRecent,
  bridgeIsAlive,
] as const satisfies readonly AnyCheck[]

/** The checks that create something on the target, and remove it. */
export const actingChecks = [throwawayStacksComeAndGo] as const satisfies readonly AnyCheck[]

/** The checks of `verify`. */
export const verifyChecks: readonly AnyCheck[] = [...checks, ...preflightChecks, ...actingChecks, ...residueChecks]

/** Every check, so that a bundle can be judged again by id. */
export const allChecks: readonly AnyCheck[] = [...verifyChecks, ...censusChecks]
