import { constants } from 'node:fs'
import { access, mkdir, readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, PvcheckError } from '../../harness/core/errors.ts'
import { cacheFolder, labsFolder } from './folders.ts'
import { withLock } from './lock.ts'
import { shell, toolFolders } from './shell.ts'

/** What must be on the machine, and the Debian package that brings it. No engine is among them, and none ever is. */
const tools: Readonly<Record<string, string>> = {
  debootstrap: 'debootstrap',
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  flock: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  mount: 'mount',
}
const keyring = { file: '/usr/share/keyrings/debian-archive-keyring.gpg', package: 'debian-archive-keyring' }

const overlayMagic = 0x794c7630
const capSysAdmin = 21n

/** Why this machine cannot host a practice host, in one sentence; undefined if it can (tools may still be missing). */
export async function whyNoLab(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `a practice host needs Linux; this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'a practice host needs root: it makes namespaces, mounts and a network link'
  const status = await readFile('/proc/self/status', 'utf8')
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  if ((effective & (1n << capSysAdmin)) === 0n) {
    return 'root has no CAP_SYS_ADMIN here (an unprivileged container?), so it can mount nothing'
  }
  const missing = await missingPackages()
  if (missing.length > 0 && (await findTool('apt-get')) === undefined) {
    return `missing here, and there is no apt-get to install them: ${missing.join(', ')}`
  }
  return undefined
}

/** Throws LAB_UNSUPPORTED where no practice host can run. */
export async function assertSupported(): Promise<void> {
  const reason = await whyNoLab()
  if (reason !== undefined) {
    throw new PvcheckError({
      code: 'LAB_UNSUPPORTED',
      seen: reason,
      wanted: 'a Linux machine with root, apt, and leave to mount',
      remedy: 'Boot the practice host on another machine, or verify a real Swarm instead.',
      exit: 'blocked',
    })
  }
}

/** Throws LAB_FILESYSTEM where the folders cannot carry an overlay. */
export async function assertFolders(): Promise<void> {
  for (const folder of [cacheFolder(), labsFolder()]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if ((await statfs(folder)).type !== overlayMagic) continue
    throw new PvcheckError({
      code: 'LAB_FILESYSTEM',
      seen: `${folder} is on an overlay file system, which cannot carry another one`,
      wanted: 'a plain file system, such as ext4 or xfs',
      remedy: 'Set XDG_CACHE_HOME and XDG_STATE_HOME to folders on a mounted volume.',
      exit: 'blocked',
    })
  }
}

/** Installs what is missing; never removes, never upgrades. Throws LAB_INSTALL_FAILED. */
export async function installTools(progress: (line: string) => void, signal?: AbortSignal): Promise<void> {
  if ((await missingPackages()).length === 0) return
  // Without flock on the machine there is nothing to take turns with; util-linux is essential in Debian.
  await withLock('/run/lock/pvcheck-lab-apt.lock', () => install(progress, signal), { signal })
}

async function install(progress: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const missing = await missingPackages()
  if (missing.length === 0) return
  progress(`installing ${missing.join(', ')}`)
  const $ = shell(signal)
  const options = [
    '-q',
    '-y',
    '--no-install-recommends',
    '--no-remove',
    '--no-upgrade',
    '-o',
    'DPkg::Lock::Timeout=120',
  ]
  try {
    // Lists may be absent or stale; a first try without an update would only save seconds.
    await $`apt-get -q update`
    await $`apt-get install ${options} ${missing}`
  } catch (error) {
    signal?.throwIfAborted()
    throw new PvcheckError({
      code: 'LAB_INSTALL_FAILED',
      seen: messageOf(error).trim().slice(-1500),
      wanted: `the packages ${missing.join(', ')}`,
      remedy: 'Install them by hand and try again.',
      exit: 'blocked',
      cause: error,
    })
  }
}

async function missingPackages(): Promise<string[]> {
  const missing = new Set<string>()
  for (const [tool, name] of Object.entries(tools)) {
    if ((await findTool(tool)) === undefined) missing.add(name)
  }
  if (!(await isReadable(keyring.file))) missing.add(keyring.package)
  return [...missing].sort()
}

async function findTool(name: string): Promise<string | undefined> {
  for (const folder of toolFolders()) {
    const path = join(folder, name)
    if (await isReadable(path, constants.X_OK)) return path
  }
  return undefined
}

async function isReadable(path: string, mode = constants.R_OK): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  )
}
