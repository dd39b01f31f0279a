import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import type { Objects, ResidueContainer, ResidueVolume } from '../../model/facts/residue/objects.ts'
import { objectsAfter } from '../../model/facts/residue/objects-after.ts'
import { objectsBefore } from '../../model/facts/residue/objects-before.ts'
import { runDeeds } from '../../model/facts/run-deeds.ts'
import { count } from '../say.ts'
import { containersOf, guestsOf, idsOf, type RunDeeds, volumesOf } from './belongings.ts'
import { otherNodes } from './other-nodes.ts'
import { left } from './say-residue.ts'

const expected = 'no container and no volume of the run'

export const nothingLeftOnEngine = defineCheck({
  id: 'PV-RES-002',
  title: 'No container and no volume of the run is left on the manager',
  needs: { deeds: runDeeds, before: objectsBefore, after: objectsAfter },
  judge: ({ deeds, before, after }) => {
    const findings = [
      ...containersOf(deeds, after).map(ofContainer),
      ...guestsOf(deeds, after).map(ofGuest),
      ...volumesOf(deeds, after).map(ofVolume),
      ...strayVolumes(deeds, before, after).map(ofStray),
    ]
    if (findings.length > 0) return findings
    const looked = `${count(after.containers.length, 'container')} and ${count(after.volumes.length, 'volume')}`
    return [
      {
        subject: plain(after.engine.Name, 80),
        expected,
        actual: `none among ${looked}`,
        verdict: 'pass',
        ...otherNodes(after),
      },
    ]
  },
})

const anonymousLabel = 'com.docker.volume.anonymous'

/**
 * Volumes without a name that appeared while the run's services ran, and that no container uses: nobody can say that
 * they are not the run's. One that a container uses is not ours, for ours are gone or findings of their own.
 */
function strayVolumes(deeds: RunDeeds, before: Objects, after: Objects): readonly ResidueVolume[] {
  // Without a service nothing of the run can have had a volume.
  if (idsOf(deeds, 'service').size === 0) return []
  const known = new Set(before.volumes.map(({ Name }) => Name))
  const used = new Set(after.containers.flatMap(({ Mounts }) => (Mounts ?? []).map(({ Name }) => Name)))
  const ours = new Set(volumesOf(deeds, after))
  return after.volumes.filter((volume) => {
    const isAnonymous = /^[0-9a-f]{64}$/.test(volume.Name) || volume.Labels?.[anonymousLabel] !== undefined
    return isAnonymous && !known.has(volume.Name) && !used.has(volume.Name) && !ours.has(volume)
  })
}

function ofContainer(container: ResidueContainer): Judgement {
  const id = plain(container.Id, 12)
  return left({
    subject: `container ${nameIn(container)}`,
    expected: 'gone',
    actual: `still there, ${plain(container.State, 40) || 'in no state'}, with the id ${id}`,
    remedy: `Look at it with \`docker inspect\`; where it does not go by itself, \`docker rm --force --volumes ${id}\`.`,
  })
}

function ofGuest(container: ResidueContainer): Judgement {
  return {
    ...{ subject: `container ${nameIn(container)}`, expected: 'on no network of the run', verdict: 'fail' },
    actual: 'joined to a network that the run created',
    code: 'RESIDUE_IN_USE',
    reason: 'somebody else came to depend on what the run created, and must remove again',
    remedy: 'Look whose it is, and take it off that network (`docker network disconnect`).',
  }
}

function nameIn({ Id, Names }: ResidueContainer): string {
  return plain((Names?.[0] ?? Id).replace(/^\//, ''), 120)
}

function ofVolume({ Name, CreatedAt }: ResidueVolume): Judgement {
  return left({
    subject: `volume ${plain(Name, 80)}`,
    expected: 'gone',
    actual: `still there, created at ${plain(CreatedAt, 40) || 'a time that nobody knows'}`,
    remedy: 'Look into it, and remove it with `docker volume rm`.',
  })
}

function ofStray(volume: ResidueVolume): Judgement {
  return {
    ...ofVolume(volume),
    expected: 'no volume without a name and without a user that was not there before',
    code: 'RESIDUE_UNEXPLAINED',
    reason:
      'it appeared while services of the run were there, and nothing says whose it is: an image that declares a volume leaves one, and so does a service of somebody else that restarts',
  }
}
