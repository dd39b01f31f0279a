import { randomBytes } from 'node:crypto'

const shape = /^\d{8}T\d{6}Z-[0-9a-f]{4}$/

/** `20261120T121700Z-3f2a`: sorts by time, to the second, and is unique by its tail. */
export function newRunId(now: Date = new Date()): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')
  return `${time}-${randomBytes(2).toString('hex')}`
}

/** Whether a folder's name is one that `newRunId` gives. */
export function isRunId(name: string): boolean {
  return shape.test(name)
}
