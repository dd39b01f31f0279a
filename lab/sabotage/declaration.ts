import { runOn } from '../host/machine.ts'
import { putFileBack, replaceFile } from './file.ts'
import type { Sabotage } from './sabotage.ts'

const module = '/etc/nixos/modules/swarm.nix'

export const declarationChanged: Sabotage = {
  name: 'declaration-changed',
  what: 'declares another subnet in swarm.nix, the old one left in a comment; the live network stays as it is',
  reddens: { 'PV-NET-003': { verdict: 'fail', says: /10\.20\.0\.0\/16/ } },
  breaks: async (machine, signal) => {
    const genuine = await runOn(machine, `cat ${module}.genuine 2>/dev/null || cat ${module}`, { signal })
    const line = /^.*docker network create .*$/m
    const changed = genuine.replace(line, (text) => {
      const elsewhere = / --subnet \S+/.test(text)
        ? text.replace(/ --subnet \S+/, ' --subnet 10.20.0.0/16')
        : text.replace(' proxy', ' --subnet 10.20.0.0/16 proxy')
      return `${text.replace(/^(\s*)/, '$1# ')}\n${elsewhere}`
    })
    await replaceFile(machine, module, changed, signal)
  },
  mends: (machine, signal) => putFileBack(machine, module, signal),
}
