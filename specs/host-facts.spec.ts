import { describe } from 'vitest'
import { apiIsRecent } from '../harness/judge/engine/api-is-recent.ts'
import { engineCanStartAgain } from '../harness/judge/engine/engine-can-start-again.ts'
import { engineDidNotCrash } from '../harness/judge/engine/engine-did-not-crash.ts'
import { engineIsCurrent } from '../harness/judge/engine/engine-is-current.ts'
import { engineRuns } from '../harness/judge/engine/engine-runs.ts'
import { journalIsNotBlind } from '../harness/judge/journal/journal-is-not-blind.ts'
import { journalIsPersistent } from '../harness/judge/journal/journal-is-persistent.ts'
import { journalReachesBack } from '../harness/judge/journal/journal-reaches-back.ts'
import { noExhaustion } from '../harness/judge/journal/no-exhaustion.ts'
import { noLeak } from '../harness/judge/journal/no-leak.ts'
import { noRace } from '../harness/judge/journal/no-race.ts'
import { nothingWasSuppressed } from '../harness/judge/journal/nothing-was-suppressed.ts'
import { addressesAreHeldOnce } from '../harness/judge/network/addresses-are-held-once.ts'
import { engineCountAgrees } from '../harness/judge/network/engine-count-agrees.ts'
import { liveSubnetIsDeclared } from '../harness/judge/network/live-subnet-is-declared.ts'
import { liveSubnetIsIntended } from '../harness/judge/network/live-subnet-is-intended.ts'
import { otherOverlaysHaveRoom } from '../harness/judge/network/other-overlays-have-room.ts'
import { overlaysAreAllocated } from '../harness/judge/network/overlays-are-allocated.ts'
import { overlaysAreClearOfHost } from '../harness/judge/network/overlays-are-clear-of-host.ts'
import { overlaysDoNotOverlap } from '../harness/judge/network/overlays-do-not-overlap.ts'
import { servicesHaveAddresses } from '../harness/judge/network/services-have-addresses.ts'
import { sharedNetworkHasRoom } from '../harness/judge/network/shared-network-has-room.ts'
import { sharedNetworkIsThere } from '../harness/judge/network/shared-network-is-there.ts'
import { controlPlaneRuns } from '../harness/judge/service/control-plane-runs.ts'
import { restartsAreFew } from '../harness/judge/service/restarts-are-few.ts'
import { stacksAreComplete } from '../harness/judge/service/stacks-are-complete.ts'
import { tasksAreNotStuck } from '../harness/judge/service/tasks-are-not-stuck.ts'
import { tasksAreOnSharedNetwork } from '../harness/judge/service/tasks-are-on-shared-network.ts'
import { updatesAreFinished } from '../harness/judge/service/updates-are-finished.ts'
import { managersAreReachable } from '../harness/judge/swarm/managers-are-reachable.ts'
import { nodeManages } from '../harness/judge/swarm/node-manages.ts'
import { nodesAreReady } from '../harness/judge/swarm/nodes-are-ready.ts'
import { quorumHasMargin } from '../harness/judge/swarm/quorum-has-margin.ts'
import { prove } from '../harness/run/prove.ts'

describe('the engine', () => {
  prove(engineIsCurrent)
  prove(apiIsRecent)
  prove(engineRuns)
  prove(engineDidNotCrash)
  prove(engineCanStartAgain)
})

describe('the Swarm', () => {
  prove(nodeManages)
  prove(nodesAreReady)
  prove(managersAreReachable)
  prove(quorumHasMargin)
})

describe('the shared network', () => {
  prove(sharedNetworkIsThere)
  prove(liveSubnetIsIntended)
  prove(liveSubnetIsDeclared)
  prove(sharedNetworkHasRoom)
})

describe('all overlays', () => {
  prove(otherOverlaysHaveRoom)
  prove(addressesAreHeldOnce)
  prove(servicesHaveAddresses)
  prove(overlaysAreAllocated)
  prove(overlaysDoNotOverlap)
  prove(overlaysAreClearOfHost)
  prove(engineCountAgrees)
})

describe('the services', () => {
  prove(stacksAreComplete)
  prove(controlPlaneRuns)
  prove(tasksAreNotStuck)
  prove(restartsAreFew)
  prove(tasksAreOnSharedNetwork)
  prove(updatesAreFinished)
})

describe("dockerd's journal", () => {
  prove(journalIsNotBlind)
  prove(journalReachesBack)
  prove(journalIsPersistent)
  prove(nothingWasSuppressed)
  prove(noExhaustion)
  prove(noLeak)
  prove(noRace)
})
