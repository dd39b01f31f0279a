/** A Debian release as a whole host: its engine, and what is named otherwise there. */
interface Release {
  readonly title: string
  readonly suite: string
  /** Beside what every host has. */
  readonly packages: readonly string[]
  /** Units that have nothing to do in a host without a kernel of its own, and fail there. */
  readonly masked: readonly string[]
  /** The script of debootstrap to take, where it does not know the suite by name yet. */
  readonly script?: string
}

const releases = {
  '20.10': { title: 'Debian 12', suite: 'bookworm', packages: [], masked: [] },
  // From here on the client is a package of its own, and nothing pulls it in.
  '26.1': { title: 'Debian 13', suite: 'trixie', packages: ['docker-cli'], masked: ['systemd-modules-load.service'] },
  '28.5': {
    title: 'Debian testing',
    suite: 'forky',
    packages: ['docker-cli'],
    masked: ['systemd-modules-load.service'],
    script: '/usr/share/debootstrap/scripts/sid',
  },
} satisfies Readonly<Record<string, Release>>

/** The engines a practice host can have, by the version that Debian has packaged. */
export type EngineName = keyof typeof releases

export const engineNames = ['20.10', '26.1', '28.5'] as const satisfies readonly EngineName[]

/** The one users of the incident had; its packages make the images, for all of them. */
export const usualEngine: EngineName = '20.10'

export function releaseOf(engine: EngineName): Release {
  return releases[engine]
}
