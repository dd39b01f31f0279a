import { ingressCrowded } from './crowd.ts'
import { declarationChanged } from './declaration.ts'
import { engineTooOld, engineUpgradedOnDisk, liveRestoreConfigured } from './engine-on-disk.ts'
import { engineAstray, engineCrashed } from './engine-process.ts'
import { journaldKeepsWarnings, journaldStartedAnew } from './engine-unheard.ts'
import { containerEchoes, exhaustionLogged, serviceWaits, vipGivenTwice } from './exhaustion.ts'
import { stackRemovedInHurry, tasksRemovedInHurry } from './hurry.ts'
import { engineLogsElsewhere, journalFileLost, journalFlooded, journalVacuumed, journalVolatile } from './journal.ts'
import { engineConfigMistyped, engineUnitNotReloaded } from './next-start.ts'
import { nodePaused } from './node.ts'
import { leaderElsewhere, managerDemoted, managerLost, managersTwo, workerLost } from './other-nodes.ts'
import type { Sabotage } from './sabotage.ts'
import { sharedNetworkClosed, sharedNetworkGone, sharedNetworkMoved, sharedNetworkTight } from './shared-network.ts'
import {
  serviceCrashed,
  serviceScaledToNone,
  stackRemoved,
  taskOffSharedNetwork,
  taskUnplaceable,
  updateFailed,
} from './stack.ts'
import { overlaysOverlap, overlayUnallocated, routeInside } from './stray-subnet.ts'

export const sabotages: readonly Sabotage[] = [
  managersTwo,
  leaderElsewhere,
  managerDemoted,
  managerLost,
  engineUpgradedOnDisk,
  engineTooOld,
  engineAstray,
  engineCrashed,
  liveRestoreConfigured,
  engineConfigMistyped,
  engineUnitNotReloaded,
  nodePaused,
  workerLost,
  declarationChanged,
  sharedNetworkGone,
  sharedNetworkClosed,
  sharedNetworkMoved,
  sharedNetworkTight,
  ingressCrowded,
  overlayUnallocated,
  overlaysOverlap,
  routeInside,
  stackRemoved,
  serviceScaledToNone,
  taskUnplaceable,
  serviceCrashed,
  taskOffSharedNetwork,
  updateFailed,
  // Of the first minute of dockerd such lines say nothing; those before it let dockerd run on.
  tasksRemovedInHurry,
  stackRemovedInHurry,
  engineLogsElsewhere,
  journalVacuumed,
  journalFileLost,
  journalVolatile,
  journalFlooded,
  journaldKeepsWarnings,
  journaldStartedAnew,
  containerEchoes,
  serviceWaits,
  vipGivenTwice,
  exhaustionLogged,
]
