import type { Waiting } from '../../judge/network/waiting.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { CanaryPorts } from './canary-ports.ts'
import type { CensusParts } from './census-parts.ts'
import type { HostFigures } from './host-figures.ts'
import type { Watch } from './watch.ts'

/** What all walks of one census share. */
export interface CensusContext {
  readonly parts: CensusParts
  readonly watch: Watch
  readonly ports: CanaryPorts
  /** A number that no canary of the census has had. */
  readonly numbers: () => number
  /** Takes a reading, which is saved. */
  read(signal: AbortSignal): Promise<AddressReading>
  /** The last one where it is fresh, else a new one. */
  reading(): Promise<AddressReading>
  /** A new one, whatever has ended the walk; undefined where none can be had. */
  lastReading(): Promise<AddressReading | undefined>
  /** Services of others that wait for an address. */
  waiting(reading: AddressReading): readonly Waiting[]
  hostFigures(): Promise<HostFigures | undefined>
  requests(): number
}
