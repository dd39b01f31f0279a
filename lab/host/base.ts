import { arch } from 'node:os'
import { join } from 'node:path'
import { PvcheckError } from '../../harness/core/errors.ts'
import { runBound } from './bound-child.ts'
import { type Layer, recipeKey } from './cache.ts'
import { type EngineName, releaseOf, usualEngine } from './engines.ts'
import { shell } from './shell.ts'

/** What a Docker host has; the engine is the suite's own. */
const common = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'docker.io', 'iproute2', 'iptables'],
  ...['ca-certificates', 'procps', 'curl', 'microsocks'],
]

/**
 * Only their files are wanted, so they are not installed: the first two are for images (a builder finds them in
 * /opt/packages), the others let a test boot a practice host inside a practice host, where systemd is process 1.
 */
const downloads = ['caddy', 'busybox-static', 'systemd-container', 'debootstrap']

/** Timers that would reach out for updates, and consoles nobody sits at. */
const commonMasked = [
  ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'fstrim.timer', 'e2scrub_all.timer'],
  ...['e2scrub_reap.service', 'console-getty.service', 'getty@tty1.service', 'systemd-pstore.service'],
]

const downloadScript = `chroot "$root" apt-get -q update
mkdir "$1/packages"
chroot "$root" sh -euc 'cd /tmp && apt-get -q download "$@"' sh $6
mv "$root"/tmp/*.deb "$1/packages/"
`

/** `$1` the folder, `$2` the suite, `$3` the mirror, `$4` packages, `$5` units to mask, `$6` packages to download only. */
const scriptWith = (debootstrapScript: string, downloading: string) => `
root=$1/root
debootstrap --variant=minbase --include="$4" "$2" "$root" "$3"${debootstrapScript}
for unit in $5; do ln -sf /dev/null "$root/etc/systemd/system/$unit"; done
# "operator" is a group of Debian's already; "*" is no password, but unlike "!" no locked account either.
chroot "$root" useradd --create-home --shell /bin/bash --gid operator --password '*' operator
${downloading}chroot "$root" apt-get clean
rm -rf "$root"/var/lib/apt/lists/* "$root"/etc/ssh/ssh_host_* "$root"/var/lib/docker "$root"/var/log/*.log
mkdir -p "$root/var/lib/docker" "$root/var/log/journal"
rm -f "$root/etc/machine-id" "$root/var/lib/dbus/machine-id" "$root/etc/hostname"
`

export interface BaseOptions {
  /** 20.10 unless given. */
  readonly engine?: EngineName
  readonly signal?: AbortSignal | undefined
  progress(line: string): void
}

/** The debootstrapped root file system under `root/`; that of the usual engine with downloaded packages under `packages/`. */
export function baseLayer(options: BaseOptions): Layer {
  const { engine = usualEngine, signal } = options
  const { title, suite, script: debootstrapScript, ...release } = releaseOf(engine)
  const packages = [...common, ...release.packages]
  const masked = [...commonMasked, ...release.masked]
  // The images are made of the usual engine's packages. Debian testing's lists may count as expired, besides.
  const isUsual = engine === usualEngine
  const script = scriptWith(
    debootstrapScript === undefined ? '' : ` ${debootstrapScript}`,
    isUsual ? downloadScript : '',
  )
  return {
    // Each engine's layers are counted for themselves when old ones are thrown away.
    kind: isUsual ? 'base' : `base-${engine}`,
    key: recipeKey(suite, arch(), packages, downloads, masked, script),
    async build(folder) {
      const mirror = await findMirror(suite, signal)
      options.progress(`debootstrap of ${title} from ${mirror} (about a minute, once)`)
      const lists = [packages.join(','), masked.join(' '), downloads.join(' ')]
      await runBound(script, [folder, suite, mirror, ...lists], signal)
      await assertEngine(engine, join(folder, 'root'), signal)
    },
  }
}

/** Debian testing moves on. Throws LAB_ENGINE_MOVED_ON when it has another engine by now. */
async function assertEngine(engine: EngineName, root: string, signal?: AbortSignal): Promise<void> {
  const { stdout } = await shell(signal)`chroot ${root} dpkg-query --show docker.io`
  const [, version = ''] = stdout.trim().split('\t')
  if (version.startsWith(`${engine}.`)) return
  throw new PvcheckError({
    code: 'LAB_ENGINE_MOVED_ON',
    seen: `${releaseOf(engine).title} has Docker ${version} now`,
    wanted: `Docker ${engine}`,
    remedy: 'Take another engine; what is still cached of this one goes on working.',
    exit: 'blocked',
  })
}

/** The mirror this machine's apt uses for the same suite, else for any other, else Debian's own. */
async function findMirror(suite: string, signal?: AbortSignal): Promise<string> {
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)'
  const { stdout } = await shell(signal)({ nothrow: true })`apt-get indextargets --format ${format}`
  const main = stdout
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([uri, codename, component]) => uri !== '' && !/-/.test(codename ?? '-') && component === 'main')
  const found = main.find(([, codename]) => codename === suite) ?? main.find(([uri]) => uri?.endsWith('/debian/'))
  return found?.[0]?.replace(/\/$/, '') ?? 'http://deb.debian.org/debian'
}
