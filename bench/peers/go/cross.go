package main

import "runtime"

type submission struct {
	value  int
	result chan int
}

// submitFromAnotherThread runs client on an OS thread of its own. What it submits runs in a new
// goroutine that the dispatcher starts on the scheduler's other processor.
func submitFromAnotherThread(client func(submit chan<- submission)) {
	before := runtime.GOMAXPROCS(2)
	defer runtime.GOMAXPROCS(before)
	submissions := make(chan submission, 1024)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		client(submissions)
		close(submissions)
	}()
	for s := range submissions {
		go func(s submission) { s.result <- s.value }(s)
	}
}

func crossRoundTrip(times int) {
	submitFromAnotherThread(func(submit chan<- submission) {
		sum := 0
		for i := 0; i < times; i++ {
			s := submission{i, make(chan int, 1)}
			submit <- s
			sum += <-s.result
		}
		check(sumBelow(times), sum)
	})
}

func crossPipelined(times int) {
	submitFromAnotherThread(func(submit chan<- submission) {
		all := make([]submission, times)
		for i := range all {
			all[i] = submission{i, make(chan int, 1)}
			submit <- all[i]
		}
		sum := 0
		for _, s := range all {
			sum += <-s.result
		}
		check(sumBelow(times), sum)
	})
}
