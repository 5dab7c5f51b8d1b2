# Sourced by the scripts beside it: a server of this tree on a free port.
#
#   serve [ARG…]   start it, with arguments of yizhan serve; sets $address
#
# It ends with the script. What it logs is in $work/log.

judges=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

build() {
  [ -e "$work/yizhan" ] || (cd "$judges/../.." && CGO_ENABLED=0 go build -o "$work/yizhan" ./cmd/yizhan)
}

serve() {
  build
  "$work/yizhan" serve --listen 127.0.0.1:0 "$@" >"$work/address" 2>"$work/log" &
  server=$!
  for _ in $(seq 120); do
    address=$(cat "$work/address")
    [ -z "$address" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.25
  done
  echo "the server did not start:" >&2
  cat "$work/log" >&2
  return 1
}
