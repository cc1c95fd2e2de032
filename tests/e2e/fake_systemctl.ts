/**
 * As much of systemd as the service needs, for machines where no systemd runs: a program in the
 * place of `systemctl`. It starts what the installed unit says, and notes what it is asked.
 *
 * @module
 */

/** The program, for sh. Its state is in files below /run/fake. */
export const FAKE_SYSTEMCTL = `#!/bin/sh
state=/run/fake
verb=$1; shift
for unit; do :; done
file=/usr/lib/systemd/system/$unit
begin() {
  command=$(sed -n 's/^ExecStart=//p' "$file")
  setsid $command >/dev/null 2>&1 </dev/null &
  echo $! >$state/$unit.active
}
end() {
  [ ! -e $state/$unit.active ] && return
  kill $(cat $state/$unit.active)
  while kill -0 $(cat $state/$unit.active) 2>/dev/null; do sleep 0.02; done
  rm $state/$unit.active
}
case $verb in
  show) if [ -e "$file" ]; then echo loaded; else echo not-found; fi; exit 0 ;;
  is-active) [ -e $state/$unit.active ]; exit ;;
  is-enabled) [ -e $state/$unit.enabled ]; exit ;;
esac
echo "$verb $*" | sed 's/ *$//' >>$state/calls
case $verb in
  enable) touch $state/$unit.enabled; begin ;;
  disable) rm -f $state/$unit.enabled; end ;;
  restart) end; begin ;;
  daemon-reload) ;;
  *) exit 1 ;;
esac`;
