#!/usr/bin/env bash
# Builds the web benchmark's servers that are not on a JVM into the bench folder's target: prepare.sh BENCH. What cannot
# be built is not there, and the benchmark says so.
set -euo pipefail

bench=$1
target=$bench/target
peers=$bench/peers/web

# Go, with what Debian's packages have of WebSocket and PostgreSQL.
prepare_go() {
  rm -f "$target/go-web"
  command -v go >/dev/null || return 0
  local sources=/usr/share/gocode tags=
  [ ! -d "$sources/src/github.com/gorilla/websocket" ] || tags+=websocket,
  [ ! -d "$sources/src/github.com/lib/pq" ] || tags+=pq,
  (cd "$peers/go" && GO111MODULE=off GOPATH=$sources GOFLAGS= go build -tags "${tags%,}" -o "$target/go-web" .) ||
    echo "The Go server could not be built."
}

# Node, with npm's ws and pg, which are fetched once.
prepare_node() {
  local folder=$target/web-node
  mkdir -p "$folder"
  cp "$peers/node/server.js" "$folder"
  if ! cmp -s "$peers/node/package.json" "$folder/package.json" && command -v npm >/dev/null; then
    cp "$peers/node/package.json" "$folder"
    (cd "$folder" && npm install --omit=dev --no-package-lock --no-audit --no-fund) || {
      rm -f "$folder/package.json"
      echo "npm could not fetch ws and pg: Node is without WebSocket and database."
    }
  fi
}

prepare_go
prepare_node
