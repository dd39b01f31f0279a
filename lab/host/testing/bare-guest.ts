import type { Guest } from '../guest.ts'
import { runOn } from '../machine.ts'

/** A practice host that manages a Swarm of its own and has nothing in it: up in a second. */
export const bareGuest: Guest = {
  imageIngredients: () => ['nothing'],
  buildImages: () => Promise.resolve(),
  hostFiles: () => [],
  deployControlPlane: async (machine) => {
    await runOn(machine, `docker swarm init --advertise-addr ${machine.address}`)
  },
  routes: () => [],
  expectations: () => ({}),
  http: () => ({}),
}
