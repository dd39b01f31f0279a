import { ingressCrowded } from './crowd.ts'
import { declarationChanged } from './declaration.ts'
import { engineTooOld, engineUpgradedOnDisk, liveRestoreConfigured } from './engine-on-disk.ts'
import { engineAstray, engineCrashed } from './engine-process.ts'
import { nodePaused } from './node.ts'
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
  engineUpgradedOnDisk,
  engineTooOld,
  engineAstray,
  engineCrashed,
  liveRestoreConfigured,
  nodePaused,
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
]
