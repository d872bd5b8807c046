// Go's own HTTP server. WebSocket and the database are there if their packages were found when this
// was built.
//
// It prints its port, and ends with its standard input. With "version" as an argument it prints its
// version instead.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

var hello = []byte("Hello, World!")

type item struct {
	ID    int      `json:"id"`
	Name  string   `json:"name"`
	Tags  []string `json:"tags"`
	Price float64  `json:"price"`
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println(runtime.Version() + " net/http" + webSocketVersion + databaseVersion)
		return
	}
	openDatabase()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go waitForEnd()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	panic(http.Serve(listener, routes()))
}

func waitForEnd() {
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/plaintext", sayHello)
	mux.HandleFunc("/json/", getItem)
	mux.HandleFunc("/json", postOrder)
	mux.HandleFunc("/upload", upload)
	mux.HandleFunc("/db", getProduct)
	mux.HandleFunc("/ws", echo)
	mux.HandleFunc("/stall", stall)
	return mux
}

func sayHello(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write(hello)
}

func getItem(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/json/"))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	tags := []string{"fast", "small", r.URL.Query().Get("q")}
	sayJSON(w, item{id, "Item " + strconv.Itoa(id), tags, float64(id) * 1.25})
}

func sayJSON(w http.ResponseWriter, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

func upload(w http.ResponseWriter, r *http.Request) {
	length, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, strconv.FormatInt(length, 10))
}

func stall(w http.ResponseWriter, r *http.Request) {
	millis, err := strconv.Atoi(r.URL.Query().Get("ms"))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	time.Sleep(time.Duration(millis) * time.Millisecond)
	sayHello(w, r)
}
