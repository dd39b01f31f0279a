import type { ActingSabotage } from './acting-sabotage.ts'
import {
  engineDiesAmid,
  lookalikesAmid,
  networkRemovedAmid,
  networkSquattedAmid,
  nodePausedAmid,
  othersAtWorkAmid,
} from './amid.ts'
import { buildRunning, buildsUntold } from './builds.ts'
import { imageMissing, imageUntaggedAmid } from './image.ts'
import {
  dockerCliGone,
  findGone,
  lockFileHeld,
  processesHidden,
  systemctlMute,
  upgradeByHand,
  upgradeRunning,
} from './jobs.ts'
import { deadRunsObjects, liveRunsObjects, lockHeld } from './planted.ts'
import { portsTaken, portTaken } from './ports.ts'
import { ingressFull, runAppLive, serviceConverging, taskStopping, waitingElsewhere } from './swarm.ts'
import { workerLostAmid } from './worker-lost.ts'

export const actingSabotages: readonly ActingSabotage[] = [
  upgradeRunning,
  upgradeByHand,
  processesHidden,
  lockFileHeld,
  findGone,
  buildRunning,
  buildsUntold,
  runAppLive,
  serviceConverging,
  taskStopping,
  waitingElsewhere,
  ingressFull,
  imageMissing,
  portsTaken,
  portTaken,
  dockerCliGone,
  systemctlMute,
  lockHeld,
  deadRunsObjects,
  liveRunsObjects,
  imageUntaggedAmid,
  nodePausedAmid,
  engineDiesAmid,
  workerLostAmid,
  othersAtWorkAmid,
  networkSquattedAmid,
  networkRemovedAmid,
  lookalikesAmid,
]
