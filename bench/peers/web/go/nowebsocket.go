//go:build !websocket

package main

import "net/http"

const webSocketVersion = ""

func echo(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusNotImplemented)
}
