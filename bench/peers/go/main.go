// The process of the Go peer.
//
// Arguments: peer name, workload, operations, warm-up in milliseconds, rounds, patience of the
// sleepers in milliseconds. With the peer name alone it prints the peer's version. Every round is a
// line: workload, peer, nanoseconds an operation, CPU nanoseconds, bytes, separated by tabs. With
// "echo" as the second and last argument it is an echo server.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
)

var programs = map[string]func(ops int){
	"switch-2":         func(ops int) { switching(2, ops/2) },
	"switch-1000":      func(ops int) { switching(1000, ops/1000) },
	"ping-pong":        pingPong,
	"spawn-await":      spawnAwait,
	"gather-10k":       func(ops int) { gather(ops/10_000, 10_000) },
	"timer-churn":      timerChurn,
	"cross-round-trip": crossRoundTrip,
	"cross-pipelined":  crossPipelined,

	"trip-rendezvous":   func(ops int) { roundTrips(ops, 0) },
	"trip-16":           func(ops int) { roundTrips(ops, 16) },
	"trip-100":          func(ops int) { roundTrips(ops, 100) },
	"stream-rendezvous": func(ops int) { stream(ops, 0, 1) },
	"stream-16":         func(ops int) { stream(ops, 16, 1) },
	"stream-100":        func(ops int) { stream(ops, 100, 1) },
	"stream-16-four":    func(ops int) { stream(ops, 16, 4) },
	"chain-10k":         func(ops int) { chains(ops/10_000, 10_000) },
	"chain-1k":          func(ops int) { chain(1000, ops/100_000, 100) },
	"select-2":          func(ops int) { selectOf2(ops, 0) },
	"select-10":         func(ops int) { selectOf10(ops, 0) },
	"select-2-16":       func(ops int) { selectOf2(ops, 16) },
	"select-10-16":      func(ops int) { selectOf10(ops, 16) },
	"across-trip":       func(ops int) { onTwoProcessors(func() { roundTrips(ops, 0) }) },
	"across-stream-16":  func(ops int) { onTwoProcessors(func() { stream(ops, 16, 1) }) },
}

func main() {
	peer := os.Args[1]
	if len(os.Args) == 2 {
		fmt.Println(runtime.Version())
		return
	}
	if os.Args[2] == "echo" {
		serveEcho()
		return
	}
	workload, ops := os.Args[2], number(os.Args[3])
	warmUp := time.Duration(number(os.Args[4])) * time.Millisecond
	rounds := number(os.Args[5])
	patience := time.Duration(number(os.Args[6])) * time.Millisecond
	if workload == "sleep-1m" {
		sleepAll(peer, workload, ops, patience)
		return
	}
	program, known := programs[workload]
	if !known {
		fmt.Println("no-such-program")
		return
	}
	for begin := time.Now(); ; {
		program(ops)
		if time.Since(begin) >= warmUp {
			break
		}
	}
	for round := 0; round < rounds; round++ {
		runtime.GC()
		watch := start()
		program(ops)
		wall, cpu := watch.stop()
		fmt.Println(line(workload, peer, ops, wall, cpu))
	}
}

func line(row, peer string, ops int, wall, cpu time.Duration) string {
	perOp := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(ops) }
	return fmt.Sprintf("%s\t%s\t%.2f\t%.2f", row, peer, perOp(wall), perOp(cpu))
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

func check(expected, actual int) {
	if expected != actual {
		panic(fmt.Sprintf("expected %d, got %d", expected, actual))
	}
}

func sumBelow(n int) int { return n * (n - 1) / 2 }
