//go:build !pq

package main

import "net/http"

const databaseVersion = ""

func openDatabase() {}

func getProduct(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusNotImplemented)
}
