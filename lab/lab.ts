import { deployControlPlane } from './guest/deploy/deploy.ts'
import { labExpectations, labHttp } from './guest/deploy/expectations.ts'
import { labRoutes } from './guest/deploy/routes.ts'
import { hostFiles } from './guest/host-files/host-files.ts'
import { buildImages, imageIngredients } from './guest/images/build.ts'
import { type DownOptions, lower } from './host/down.ts'
import { type PassOptions, passThrough } from './host/exec.ts'
import type { Guest } from './host/guest.ts'
import type { LabMachine } from './host/machine.ts'
import { breakHost, findSabotage, mendHost } from './host/sabotage.ts'
import { selectLab } from './host/select.ts'
import { type LabStatus, listLabs } from './host/status.ts'
import { raise, type UpOptions } from './host/up.ts'
import { actingSabotages } from './sabotage/acting/registry.ts'
import { censusSabotages } from './sabotage/census/registry.ts'
import { sabotages } from './sabotage/registry.ts'

/** What users get in their practice hosts. */
export const controlPlane: Guest = {
  imageIngredients,
  buildImages,
  hostFiles,
  deployControlPlane,
  routes: () => labRoutes.map(({ host, path }) => `https://${host}${path}`),
  expectations: labExpectations,
  http: labHttp,
}

const all = [...sabotages, ...actingSabotages, ...censusSabotages]

/** Boots a practice host with its control plane: about 5 s, and a few minutes the first time. */
export async function labUp(options: UpOptions): Promise<LabMachine> {
  return await raise(options, { guest: controlPlane })
}

/** Removes practice hosts, dead and half made ones too, without a trace; returns their names. */
export async function labDown(options: DownOptions): Promise<string[]> {
  return await lower(options)
}

/** Every practice host there is, whatever state it is in. */
export async function labStatus(): Promise<LabStatus[]> {
  return await listLabs()
}

/** Runs a command as root on a practice host (the only running one unless named); returns its exit code. */
export async function labExec(
  name: string | undefined,
  argv: readonly string[],
  options: PassOptions = {},
): Promise<number> {
  return await passThrough((await selectLab(name)).record, argv, options)
}

/** Breaks a practice host in a named way; never another host, and never what pvcheck expects of it. */
export async function labSabotage(name: string | undefined, sabotage: string, signal: AbortSignal): Promise<void> {
  const found = findSabotage(sabotage, all)
  await breakHost(await selectLab(name), found, signal)
}

/** Mends one sabotage, or all that are in force; returns their names. */
export async function labHeal(
  name: string | undefined,
  sabotage: string | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  return await mendHost(await selectLab(name), sabotage, all, signal)
}
