import { PvcheckError } from '../../core/errors.ts'
import { plain } from '../../core/text.ts'
import type { Network } from '../../model/facts/networks.ts'
import { nameOf, overlaysOf } from '../address/overlay.ts'
import { refuseNetwork } from '../address/refuse-walk.ts'
import { nearNames } from '../removal/near-names.ts'
import { list } from '../say.ts'

/**
 * The overlays that the words name: by id, by name, or by the beginning of an id, in this order; all of them for no word.
 * Throws `CENSUS_NO_NETWORK` and `CENSUS_TWO_NETWORKS`.
 */
export function chooseOverlays(words: readonly string[], networks: readonly Network[]): readonly Network[] {
  if (words.length === 0) return overlaysOf(networks)
  return [...new Set(words.map((word) => overlayOf(word, networks)))]
}

function overlayOf(word: string, networks: readonly Network[]): Network {
  const overlays = overlaysOf(networks)
  const whole = overlays.find(({ Id }) => Id === word) ?? overlays.find(({ Name }) => Name === word)
  if (whole !== undefined) return whole
  const beginning = word === '' ? [] : overlays.filter(({ Id }) => Id.startsWith(word))
  const [only, ...others] = beginning
  if (only !== undefined && others.length === 0) return only
  if (only !== undefined) throw ambiguous(word, beginning)
  const other = networks.find(({ Id, Name }) => Id === word || Name === word)
  throw other === undefined ? unknown(word, overlays) : notOverlay(word, other)
}

function unknown(word: string, overlays: readonly Network[]): PvcheckError {
  const names = overlays.map(({ Name }) => Name)
  const near = nearNames(word, names)
  const known = names.map((name) => plain(name, 100))
  return new PvcheckError({
    code: 'CENSUS_NO_NETWORK',
    seen: `the Swarm has no network ${plain(word, 100)}${near.length === 0 ? '' : `; near: ${near.map((name) => plain(name, 100)).join(', ')}`}`,
    wanted: `the name of an overlay, its id or the beginning of that: ${list(known, 12) || 'there is none'}`,
    remedy: 'See `docker network ls --filter driver=overlay` on a manager; without a name all overlays are shown.',
    exit: 'usage',
  })
}

function notOverlay(word: string, network: Network): PvcheckError {
  const refusal = refuseNetwork(word, network)
  return new PvcheckError({
    code: 'CENSUS_NO_NETWORK',
    seen: refusal?.seen ?? `${plain(word, 100)} is no overlay`,
    wanted: 'an overlay of the Swarm',
    remedy: refusal?.remedy ?? 'Name an overlay.',
    exit: 'usage',
  })
}

function ambiguous(word: string, found: readonly Network[]): PvcheckError {
  return new PvcheckError({
    code: 'CENSUS_TWO_NETWORKS',
    seen: `the ids of ${found.length} networks begin with ${plain(word, 100)}: ${list(found.map((network) => plain(nameOf(network), 120)))}`,
    wanted: 'one network for each word',
    remedy: 'Name it by more of its id, or by its name.',
    exit: 'usage',
  })
}
