import { randomBytes } from 'node:crypto'

/** Every machine id the lab mints starts with this. An installed system's is random: 1 in 4 billion matches by chance. */
const mintedPrefix = '7e57ab1e'

/** A machine id: 32 hexadecimal digits. */
export function mintMachineId(): string {
  return mintedPrefix + randomBytes(12).toString('hex')
}

/** Whether a machine id is one that the lab gave out. */
export function isMinted(machineId: string): boolean {
  return /^[0-9a-f]{32}$/.test(machineId) && machineId.startsWith(mintedPrefix)
}

/** Short enough for an interface name (15 characters at most). */
export function mintName(prefix: 'pvlab' | 'pvbuild'): string {
  return `${prefix}-${randomBytes(3).toString('hex')}`
}
