import type { Sabotage } from '../sabotage.ts'
import { addressesLeaked } from './leaked.ts'

/** Those that a census sees, and `verify` does not. */
export const censusSabotages: readonly Sabotage[] = [addressesLeaked]
