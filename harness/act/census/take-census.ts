import { PvcheckError } from '../../core/errors.ts'
import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import type { CensusParts } from './census-parts.ts'

/**
 * Walks over the free addresses of overlays, one after the other, with services that never have a container. What became
 * of each is in its walk: one that is refused or broken off does not throw, and leaves nothing behind. Throws where not
 * even a first reading could be had.
 */
export async function takeCensus({ networks }: CensusParts): Promise<AddressCensus> {
  throw new PvcheckError({
    code: 'CENSUS_UNFINISHED',
    seen: `${networks.length} networks were to be walked`,
    wanted: 'a walk',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
