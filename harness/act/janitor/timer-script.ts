import { lockName, markLabels } from '../../model/mark.ts'

/**
 * What the timer on the manager runs: a POSIX shell with `date` and the docker CLI is all there is. `$1` is the run, `$2`
 * its owner, `$3` the seconds by which a lease must have ended. Whatever cannot be told is left to the next time.
 * The tasks of a removed service are found by the label that they keep: asked for by their service, the answer is 404.
 */
export const timerScript = `
run=$1 owner=$2 grace=$3
unit=pvcheck-sweep-$run
prefix=pvc-$(printf %s "$run" | tr A-Z a-z)-
# Of an object its run, owner, end and name.
labels() {
  of=.Spec name=.Spec.Name
  [ "$1" = network ] && of= name=.Name
  [ "$1" = container ] && of=.Config name=.Name
  docker "$1" inspect --format "{{index $of.Labels \\"${markLabels.run}\\"}} {{index $of.Labels \\"${markLabels.owner}\\"}} {{index $of.Labels \\"${markLabels.expires}\\"}} {{$name}}" "$2"
}
digits() { printf %s "$1" | tr -dc 0-9 | cut -c 1-14; }
ended() {
  at=$(digits "$1")
  now=$(date -u -d "@$(($(date +%s) - grace))" +%Y%m%d%H%M%S)
  [ "\${#at}" -eq 14 ] && [ "\${#now}" -eq 14 ] && [ "$at" -lt "$now" ]
}
# Those of a kind that carry the whole mark of the run and its name; fails where one cannot be read, or must not go yet.
ours() {
  for id in $(cat "$dir/$1"); do
    said=$(labels "$1" "$id") || return 1
    set -- "$1" $said
    [ "$#" -eq 5 ] && [ "$2" = "$run" ] && [ "$3" = "$owner" ] || continue
    # An engine puts a slash before the name of a container.
    case \${5#/} in "$prefix"*) ;; *) continue ;; esac
    [ -n "$isOurs" ] || ended "$4" || return 1
    printf '%s\\n' "$id"
  done
}
# 0: nothing is left; 1: to be looked at again; 2: the run may still be going on, or nobody can tell.
pass() {
  isOurs= lock=
  docker config ls --filter name=${lockName} --format '{{.ID}} {{.Name}}' >"$dir/locks" || return 2
  while read -r id name; do
    [ "$name" = ${lockName} ] && lock=$id
  done <"$dir/locks"
  if [ -n "$lock" ]; then
    said=$(labels config "$lock") || return 2
    set -- $said
    if [ "$#" -eq 4 ] && [ "$1" = "$run" ]; then
      isOurs=yes
      ended "$3" || return 2
    fi
  fi
  for kind in service network config secret; do
    docker "$kind" ls -q --filter "label=${markLabels.run}=$run" >"$dir/$kind" || return 2
  done
  # A list of configs has their ids whole, and so has that of locks.
  if [ -n "$lock" ]; then
    grep -v -x -F -e "$lock" "$dir/config" >"$dir/others"
    mv "$dir/others" "$dir/config"
  fi
  for kind in service network config secret; do
    ours "$kind" >"$dir/$kind.ours" || return 2
  done
  for id in $(cat "$dir/service.ours"); do docker service rm "$id" >/dev/null; done
  nodes=$(docker node ls -q) || return 2
  [ -n "$nodes" ] || return 2
  tasks=$(docker node ps -q --filter "label=${markLabels.run}=$run" $nodes) || return 1
  [ -z "$tasks" ] || return 1
  [ -s "$dir/service.ours" ] && return 1
  left=0
  for kind in network config secret; do
    for id in $(cat "$dir/$kind.ours"); do
      left=1
      docker "$kind" rm "$id" >/dev/null
    done
  done
  [ "$left" -eq 0 ] || return 1
  # The Swarm knows no task of the run any more: what it has not removed by now it has forgotten.
  docker ps -aq --no-trunc --filter "label=${markLabels.run}=$run" >"$dir/container" || return 1
  ours container >"$dir/container.ours" || return 1
  for id in $(cat "$dir/container.ours"); do docker rm -v "$id" >/dev/null; done
  [ -s "$dir/container.ours" ] && return 1
  if [ -n "$isOurs" ]; then
    said=$(labels config "$lock") || return 1
    set -- $said
    [ "$1" = "$run" ] && ended "$3" || return 2
    docker config rm "$lock" >/dev/null || return 1
  fi
  return 0
}
dir=$(mktemp -d) || exit 0
trap 'rm -rf "$dir"' EXIT
trap 'exit 0' TERM INT HUP
tries=0
while [ "$tries" -lt 60 ]; do
  pass
  case $? in
    0)
      systemctl stop "$unit.timer"
      rm -f "/run/pvcheck/$run.sh"
      rmdir /run/pvcheck 2>/dev/null
      exit 0
      ;;
    2) exit 0 ;;
  esac
  tries=$((tries + 1))
  sleep 2
done
`
