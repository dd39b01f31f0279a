import { createConnection } from 'node:net'
import { PvcheckError } from '../../core/errors.ts'
import { excerptOf } from '../excerpt.ts'

const helloMs = 2_000

/**
 * Whether an ssh master still answers: it greets whoever connects (OpenSSH, PROTOCOL.mux: MUX_MSG_HELLO). That its
 * socket takes a connection is not enough: while a killed process is torn down, the kernel still does.
 */
export function isMasterAlive(controlPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(controlPath)
    const end = (isAlive: boolean) => () => {
      socket.destroy()
      resolve(isAlive)
    }
    socket.once('data', end(true))
    socket.once('error', end(false))
    socket.once('close', end(false))
    socket.setTimeout(helloMs, end(false))
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
