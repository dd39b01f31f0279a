import { arch } from 'node:os'
import { runBound } from './bound-child.ts'
import { type Layer, recipeKey } from './cache.ts'
import { shell } from './shell.ts'

const suite = 'bookworm'

/** What a Debian 12 Docker host has; Docker 20.10 is this suite's own. */
const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'docker.io', 'iproute2', 'iptables'],
  ...['ca-certificates', 'procps', 'curl', 'microsocks'],
]

/**
 * Only their files are wanted, so they are not installed: the first two are for images (a builder finds them in
 * /opt/packages), the others let a test boot a practice host inside a practice host, where systemd is process 1.
 */
const downloads = ['caddy', 'busybox-static', 'systemd-container', 'debootstrap']

/** Timers that would reach out for updates, and consoles nobody sits at. */
const masked = [
  ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'fstrim.timer', 'e2scrub_all.timer'],
  ...['e2scrub_reap.service', 'console-getty.service', 'getty@tty1.service', 'systemd-pstore.service'],
]

/** `$1` the folder, `$2` the suite, `$3` the mirror, `$4` packages, `$5` units to mask, `$6` packages to download only. */
const script = `
root=$1/root
debootstrap --variant=minbase --include="$4" "$2" "$root" "$3"
for unit in $5; do ln -sf /dev/null "$root/etc/systemd/system/$unit"; done
# "operator" is a group of Debian's already; "*" is no password, but unlike "!" no locked account either.
chroot "$root" useradd --create-home --shell /bin/bash --gid operator --password '*' operator
chroot "$root" apt-get -q update
mkdir "$1/packages"
chroot "$root" sh -euc 'cd /tmp && apt-get -q download "$@"' sh $6
mv "$root"/tmp/*.deb "$1/packages/"
chroot "$root" apt-get clean
rm -rf "$root"/var/lib/apt/lists/* "$root"/etc/ssh/ssh_host_* "$root"/var/lib/docker "$root"/var/log/*.log
mkdir -p "$root/var/lib/docker" "$root/var/log/journal"
rm -f "$root/etc/machine-id" "$root/var/lib/dbus/machine-id" "$root/etc/hostname"
`

/** The debootstrapped root file system under `root/`, and the downloaded packages under `packages/`. */
export function baseLayer(options: { readonly signal?: AbortSignal | undefined; progress(line: string): void }): Layer {
  return {
    kind: 'base',
    key: recipeKey(suite, arch(), packages, downloads, masked, script),
    async build(folder) {
      const mirror = await findMirror(options.signal)
      options.progress(`debootstrap of Debian 12 from ${mirror} (about a minute, once)`)
      const lists = [packages.join(','), masked.join(' '), downloads.join(' ')]
      await runBound(script, [folder, suite, mirror, ...lists], options.signal)
    },
  }
}

/** The mirror this machine's apt uses for the same suite, else Debian's own. */
async function findMirror(signal?: AbortSignal): Promise<string> {
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)'
  const { stdout } = await shell(signal)({ nothrow: true })`apt-get indextargets --format ${format}`
  const lines = stdout.split('\n').map((line) => line.split(' '))
  const found = lines.find(([uri, codename, component]) => uri !== '' && codename === suite && component === 'main')
  return found?.[0]?.replace(/\/$/, '') ?? 'http://deb.debian.org/debian'
}
