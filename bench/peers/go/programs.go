package main

import (
	"context"
	"runtime"
	"sync"
	"time"
)

func switching(tasks, times int) {
	var all sync.WaitGroup
	all.Add(tasks)
	for i := 0; i < tasks; i++ {
		go func() {
			defer all.Done()
			for n := 0; n < times; n++ {
				runtime.Gosched()
			}
		}()
	}
	all.Wait()
}

func pingPong(times int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for ball := range ping {
			pong <- ball + 1
		}
		close(pong)
	}()
	ball := 0
	for ball < times {
		ping <- ball + 1
		ball = <-pong
	}
	close(ping)
	<-pong
}

func spawnAwait(times int) {
	sum := 0
	for i := 0; i < times; i++ {
		result := make(chan int, 1)
		go func(value int) { result <- value }(i)
		sum += <-result
	}
	check(sumBelow(times), sum)
}

func gather(times, children int) {
	for n := 0; n < times; n++ {
		results := make([]int, children)
		var all sync.WaitGroup
		all.Add(children)
		for i := range results {
			go func(i int) {
				defer all.Done()
				runtime.Gosched()
				results[i] = i
			}(i)
		}
		all.Wait()
		sum := 0
		for _, value := range results {
			sum += value
		}
		check(sumBelow(children), sum)
	}
}

func timerChurn(times int) {
	for n := 0; n < times; n++ {
		_, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		runtime.Gosched()
		cancel()
	}
}
