import type { GuestFile } from './guest-files.ts'
import type { LabMachine } from './machine.ts'

/** What runs inside a practice host; `lab/guest` is the one that users get. */
export interface Guest {
  /** Everything the images are made from: a change makes new ones. */
  imageIngredients(): readonly unknown[]
  /** Called in a booted builder with an empty engine; leaves images, and nothing that runs. */
  buildImages(machine: LabMachine, signal?: AbortSignal): Promise<void>
  /** Written into the root file system before it boots. */
  hostFiles(options: { readonly beforeFix: boolean }): readonly GuestFile[]
  /** Makes a Swarm of it; returns when everything in it answers. */
  deployControlPlane(machine: LabMachine, options: DeployOptions): Promise<void>
  /** URLs that answer then, at the host's address. */
  routes(): readonly string[]
  /** The `expect` part of the configuration that verifies such a host. */
  expectations(machine: LabMachine, refreshMs: number): object
  /** The `target.http` part: how its routes are reached from here. */
  http(machine: LabMachine): object
}

export interface DeployOptions {
  readonly beforeFix: boolean
  readonly incident: boolean
  readonly refreshMs: number
  readonly signal?: AbortSignal
}
