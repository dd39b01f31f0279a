import { runOn } from '../../host/machine.ts'
import type { ActingSabotage } from './acting-sabotage.ts'
import { blocking } from './acting-sabotage.ts'
import { endAmbush, hasSprung, layAmbush } from './ambush.ts'

const image = 'pvcheck-lab/busybox:1'
const aside = 'pvcheck-lab/aside:1'
const away = `docker tag ${image} ${aside} && docker image rm ${image} > /dev/null`
const back = `! docker image inspect ${aside} > /dev/null 2>&1 || { docker tag ${aside} ${image} && docker image rm ${aside} > /dev/null; }`

export const imageMissing = blocking({
  name: 'image-missing',
  what: 'takes the name off the image from which throwaway stacks are made',
  reddens: { 'PV-PRE-009': { verdict: 'blocked', says: /busybox:1: .*none of the \d+ images/s } },
  breaks: async (machine, signal) => {
    await runOn(machine, `! docker image inspect ${image} > /dev/null 2>&1 || { ${away}; }`, { signal })
  },
  mends: async (machine, signal) => {
    await runOn(machine, back, { signal })
  },
})

export const imageUntaggedAmid: ActingSabotage = {
  name: 'image-untagged-amid',
  what: 'takes the name off that image in mid-run: throwaway stacks name it by its id, and go on',
  reddens: {},
  exit: 'pass',
  afterwards: hasSprung,
  breaks: (machine, signal) => layAmbush(machine, away, signal),
  mends: async (machine, signal) => {
    await endAmbush(machine, signal)
    await runOn(machine, back, { signal })
  },
}
