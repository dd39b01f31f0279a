import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import type { HeldLock, LockFile, QuietLocks } from '../../model/facts/quiet/locks.ts'
import { quietLocks } from '../../model/facts/quiet/locks.ts'
import { list } from '../say.ts'
import { hostNotQuiet } from './not-quiet.ts'

const expected = 'nobody holds a lock on it'

type Seen = Extract<QuietLocks, { readonly state: 'read' }>

export const lockFilesAreFree = defineCheck({
  id: 'PV-PRE-002',
  title: 'Nobody holds a lock file beside which nothing may be created',
  needs: { locks: quietLocks },
  notApplicable: ({ quiet }) => (quiet.lockFiles.length === 0 ? '`expect.quiet.lockFiles` names no file' : undefined),
  judge: ({ locks }, { quiet }) => {
    if (locks.state === 'read') return locks.files.map((file) => judgeFile(file, locks))
    return quiet.lockFiles.map((path) => unknown(path, locks.why, 'the locks of the manager could not be read'))
  },
})

function judgeFile(file: LockFile, { held, listed, sawAll }: Seen): Judgement {
  const { path, at, isMissing, why } = file
  if (isMissing) return { subject: path, expected, actual: 'there is no such file', verdict: 'pass' }
  if (at === undefined) return unknown(path, why ?? 'nothing was said of it', 'the file could not be looked at')
  const holders = held.filter((lock) => lock.at === at)
  if (holders.length > 0) return locked(path, `by ${list(holders.map(nameOf))}`)
  const ofKernel = kernelNameOf(at)
  if (listed.includes(ofKernel)) return locked(path, 'by somebody without a process on this host')
  if (!sawAll) {
    return unknown(
      path,
      'no lock of it was seen, but not every process could be looked at',
      'only root sees the open files of all processes',
    )
  }
  // Of the same number on another device, and nobody's whose file was seen: it may be this one, named by another device.
  const explained = new Set(held.map(({ kernelName }) => kernelName))
  const [, inode] = ofKernel.split(/:(?=\d+$)/)
  const doubtful = listed.filter((name) => name.endsWith(`:${inode}`) && !explained.has(name))
  if (doubtful.length > 0) {
    return unknown(
      path,
      `the kernel lists a lock on ${list(doubtful)}, and no process that holds it`,
      'it has the number of this file, on a device that is not the one which stat names',
    )
  }
  return { subject: path, expected, actual: 'not locked', verdict: 'pass' }
}

/** `device:inode` of stat as the kernel's list writes it: `00:f0:16262302`. */
export function kernelNameOf(at: string): string {
  const [device = '0', inode = ''] = at.split(':')
  const bits = BigInt(device)
  const major = ((bits >> 8n) & 0xfffn) | ((bits >> 32n) & 0xfffff000n)
  const minor = (bits & 0xffn) | ((bits >> 12n) & 0xffffff00n)
  const hex = (number: bigint): string => number.toString(16).padStart(2, '0')
  return `${hex(major)}:${hex(minor)}:${inode}`
}

function nameOf({ pid, program }: HeldLock): string {
  return `process ${pid} (${plain(program, 60)})`
}

function locked(path: string, by: string): Judgement {
  return {
    subject: path,
    expected,
    actual: `locked ${by}`,
    verdict: 'blocked',
    code: hostNotQuiet,
    reason: 'whoever holds it is at work',
    remedy: 'Wait until it has been released; `lslocks` shows who has it.',
  }
}

function unknown(path: string, actual: string, reason: string): Judgement {
  return {
    subject: path,
    expected,
    actual: plain(actual),
    verdict: 'unknown',
    reason,
    remedy: 'Let pvcheck log in as root there; see whether `stat` and `cat /proc/locks` answer on the manager.',
  }
}
