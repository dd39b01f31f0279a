import { messageOf, PvcheckError } from '../../core/errors.ts'
import { plain } from '../../core/text.ts'
import type { HostRunner } from '../../reach/host/runner.ts'
import { graceSeconds } from '../mark/lock.ts'
import { timerScript } from './timer-script.ts'

export interface TimerPlan {
  readonly run: string
  readonly owner: string
  readonly leaseSeconds: number
}

type Host = HostRunner | { readonly unavailable: string }

/** Where there is nothing, nothing is begun; `$4` and `$5` are the seconds until the first time, and between two. */
const arm = `
set -eu
umask 077
file=/run/pvcheck/$1.sh
command -v systemd-run >/dev/null || { echo 'there is no systemd-run' >&2; exit 1; }
mkdir -p /run/pvcheck
cat >"$file"
if systemd-run --quiet --unit="pvcheck-sweep-$1" --description="removes what the pvcheck run $1 left, once it is over" \\
  --on-active="$4" --on-unit-inactive="$5" --timer-property=AccuracySec=1s --property=RuntimeMaxSec=600 \\
  --setenv=PATH="$PATH" \${DOCKER_HOST:+--setenv=DOCKER_HOST="$DOCKER_HOST"} /bin/sh "$file" "$1" "$2" "$3"
then exit 0
fi
rm -f "$file"
rmdir /run/pvcheck 2>/dev/null || true
exit 1
`

const disarm = `
unit=pvcheck-sweep-$1
rm -f "/run/pvcheck/$1.sh"
rmdir /run/pvcheck 2>/dev/null
for one in "$unit.timer" "$unit.service"; do
  systemctl stop "$one" 2>/dev/null
  systemctl reset-failed "$one" 2>/dev/null
done
for one in "$unit.timer" "$unit.service"; do
  state=$(systemctl show --property=LoadState --value "$one") || exit 1
  [ "$state" = not-found ] || { echo "$one is $state" >&2; exit 1; }
done
[ ! -e "/run/pvcheck/$1.sh" ]
`

/**
 * Lets the manager itself sweep the run when its lease is over and nobody else has: a transient systemd timer, which
 * looks again and again until nothing is left, and is gone with a restart of the host. Throws `TIMER_NOT_ARMED`.
 */
export async function armTimer(
  host: Host,
  { run, owner, leaseSeconds }: TimerPlan,
  signal?: AbortSignal,
): Promise<void> {
  const every = Math.min(60, Math.max(5, Math.ceil(leaseSeconds / 4)))
  const args = [run, owner, String(graceSeconds), `${leaseSeconds + graceSeconds}s`, `${every}s`]
  const said = await runScript(host, arm, args, { stdin: timerScript, ...(signal === undefined ? {} : { signal }) })
  if (said !== undefined)
    throw timerProblem('TIMER_NOT_ARMED', said, 'a timer on the manager that sweeps the run when nobody else can')
}

/** Removes the timer of the run; there may be none. Throws `TIMER_NOT_DISARMED` where it cannot be sure of that. */
export async function disarmTimer(host: Host, run: string, signal?: AbortSignal): Promise<void> {
  const wanted = 'no timer of the run left on the manager'
  const said = await runScript(host, disarm, [run], signal === undefined ? {} : { signal }).catch((error: unknown) => {
    signal?.throwIfAborted()
    // Whatever kept it from being asked, the timer may be there.
    throw timerProblem('TIMER_NOT_DISARMED', messageOf(error), wanted, error)
  })
  if (said !== undefined) throw timerProblem('TIMER_NOT_DISARMED', said, wanted)
}

/** What went wrong; nothing where it did not. */
async function runScript(
  host: Host,
  script: string,
  args: readonly string[],
  options: { readonly stdin?: string; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  if ('unavailable' in host) return host.unavailable
  const { exitCode, stderr } = await host.run(['sh', '-c', script, 'pvcheck', ...args], options)
  return exitCode === 0 ? undefined : `exit code ${exitCode}: ${plain(stderr, 300)}`
}

function timerProblem(
  code: 'TIMER_NOT_ARMED' | 'TIMER_NOT_DISARMED',
  seen: string,
  wanted: string,
  cause?: unknown,
): PvcheckError {
  const isArming = code === 'TIMER_NOT_ARMED'
  return new PvcheckError({
    code,
    seen,
    wanted,
    remedy: isArming
      ? 'pvcheck must be root on the manager for that, and systemd run there; `expect.throwaway.hostSweeps: false` does without.'
      : 'It ends by itself when it finds nothing of the run; `systemctl list-timers "pvcheck-*"` there shows it.',
    exit: isArming ? 'blocked' : 'residue',
    ...(cause === undefined ? {} : { cause }),
  })
}
