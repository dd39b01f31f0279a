import { backendDeaf, backendFrozen, backendOnWrongNetwork, backendStale } from './backend.ts'
import { bridgeFrozen, bridgeUnreadable } from './bridge.ts'
import {
  certificateChainCut,
  certificateEndsSoon,
  certificateExpired,
  certificateNotYetValid,
  certificateOfAnother,
  certificateOfStranger,
  certificateSelfSigned,
} from './certificate.ts'
import { ciTokenRotated } from './ci-token.ts'
import { ingressCrowded } from './crowd.ts'
import { dashboardBehind, dashboardLacksRecipe } from './dashboard.ts'
import { declarationChanged } from './declaration.ts'
import { engineTooOld, engineUpgradedOnDisk, liveRestoreConfigured } from './engine-on-disk.ts'
import { engineAstray, engineCrashed } from './engine-process.ts'
import { journaldKeepsWarnings, journaldStartedAnew } from './engine-unheard.ts'
import { containerEchoes, exhaustionLogged, serviceWaits, vipGivenTwice } from './exhaustion.ts'
import { plainPortDropped, tlsPortDropped } from './firewall.ts'
import { stackRemovedInHurry, tasksRemovedInHurry } from './hurry.ts'
import { ciPageForApi, reportEmpty, reportOld, routeFlaps, routeLoops, routerPageForApi } from './impostor.ts'
import { engineLogsElsewhere, journalFileLost, journalFlooded, journalVacuumed, journalVolatile } from './journal.ts'
import { nameCaught, routeMisnamed, routersInError, routesSwapped, routeToWrongPort } from './label.ts'
import { nameElsewhere, nameUnknown } from './names.ts'
import { engineConfigMistyped, engineUnitNotReloaded } from './next-start.ts'
import { nodePaused } from './node.ts'
import { leaderElsewhere, managerDemoted, managerLost, managersTwo, workerLost } from './other-nodes.ts'
import { portThroughMesh } from './published-port.ts'
import {
  routerApiFrozen,
  routerFrozen,
  routerOffSharedNetwork,
  routerScaledToNone,
  routerSpeaksPlain,
} from './router-down.ts'
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
  routerScaledToNone,
  routerFrozen,
  routerApiFrozen,
  routerSpeaksPlain,
  routerOffSharedNetwork,
  tlsPortDropped,
  plainPortDropped,
  certificateExpired,
  certificateNotYetValid,
  certificateOfAnother,
  certificateOfStranger,
  certificateSelfSigned,
  certificateChainCut,
  certificateEndsSoon,
  routeMisnamed,
  routeToWrongPort,
  routesSwapped,
  routeLoops,
  routeFlaps,
  routersInError,
  nameCaught,
  backendFrozen,
  backendDeaf,
  backendOnWrongNetwork,
  backendStale,
  portThroughMesh,
  ciPageForApi,
  ciTokenRotated,
  routerPageForApi,
  dashboardBehind,
  dashboardLacksRecipe,
  reportOld,
  reportEmpty,
  bridgeFrozen,
  bridgeUnreadable,
  nameUnknown,
  nameElsewhere,
]
