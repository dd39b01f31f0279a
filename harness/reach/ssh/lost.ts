import { createConnection } from 'node:net'
import { PvcheckError } from '../../core/errors.ts'
import { excerptOf } from '../excerpt.ts'

/** Whether an ssh master still listens. It stops with its process, however that ended. */
export function isMasterAlive(controlPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(controlPath)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** The connection was there, and is gone. */
export function lostConnection(destination: string, stderr: string): PvcheckError {
  return new PvcheckError({
    code: 'REACH_SSH_LOST',
    seen: `the ssh connection to ${destination} ended in mid-run${excerptOf(stderr)}`,
    wanted: 'one ssh connection that lasts for the whole run',
    remedy:
      'What was asked until then stands, the rest is unknown: look at the network and at sshd on the host, then run again.',
    exit: 'unknown',
  })
}
