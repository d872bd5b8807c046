package main

import (
	"runtime"
	"sync"
)

// item is what a sender sends as its i-th.
func item(i int) int { return i & 127 }

func sumOfItems(n int) int { return n/128*sumBelow(128) + sumBelow(n%128) }

func sendAll(items int, out chan<- int) {
	for i := 0; i < items; i++ {
		out <- item(i)
	}
}

func sumOf(items int, in <-chan int) int {
	sum := 0
	for i := 0; i < items; i++ {
		sum += <-in
	}
	return sum
}

func roundTrips(times, capacity int) {
	there, back := make(chan int, capacity), make(chan int, capacity)
	go func() {
		for i := 0; i < times; i++ {
			back <- <-there
		}
	}()
	sum := 0
	for i := 0; i < times; i++ {
		there <- item(i)
		sum += <-back
	}
	check(sumOfItems(times), sum)
}

func stream(items, capacity, pairs int) {
	channel := make(chan int, capacity)
	share := items / pairs
	sums := make([]int, pairs)
	var all sync.WaitGroup
	all.Add(pairs)
	for i := 0; i < pairs; i++ {
		go sendAll(share, channel)
		go func(i int) {
			defer all.Done()
			sums[i] = sumOf(share, channel)
		}(i)
	}
	all.Wait()
	sum := 0
	for _, value := range sums {
		sum += value
	}
	check(pairs*sumOfItems(share), sum)
}

func chain(tasks, batches, values int) {
	first := make(chan int)
	last := first
	for i := 0; i < tasks; i++ {
		right := make(chan int)
		go func(left <-chan int, right chan<- int) {
			for n := 0; n < batches*values; n++ {
				right <- 1 + <-left
			}
		}(last, right)
		last = right
	}
	for i := 0; i < batches; i++ {
		sendAll(values, first)
		check(sumOfItems(values)+tasks*values, sumOf(values, last))
	}
}

func chains(count, tasks int) {
	for i := 0; i < count; i++ {
		chain(tasks, 1, 1)
	}
}

func senders(items, channels, capacity int) []chan int {
	all := make([]chan int, channels)
	for i := range all {
		all[i] = make(chan int, capacity)
		go sendAll(items/channels, all[i])
	}
	return all
}

func selectOf2(items, capacity int) {
	c := senders(items, 2, capacity)
	c0, c1 := c[0], c[1]
	sum := 0
	for i := 0; i < items; i++ {
		select {
		case v := <-c0:
			sum += v
		case v := <-c1:
			sum += v
		}
	}
	check(2*sumOfItems(items/2), sum)
}

func selectOf10(items, capacity int) {
	c := senders(items, 10, capacity)
	c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 := c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9]
	sum := 0
	for i := 0; i < items; i++ {
		select {
		case v := <-c0:
			sum += v
		case v := <-c1:
			sum += v
		case v := <-c2:
			sum += v
		case v := <-c3:
			sum += v
		case v := <-c4:
			sum += v
		case v := <-c5:
			sum += v
		case v := <-c6:
			sum += v
		case v := <-c7:
			sum += v
		case v := <-c8:
			sum += v
		case v := <-c9:
			sum += v
		}
	}
	check(10*sumOfItems(items/10), sum)
}

// onTwoProcessors runs a program whose goroutines may run at the same time.
func onTwoProcessors(program func()) {
	before := runtime.GOMAXPROCS(2)
	defer runtime.GOMAXPROCS(before)
	program()
}
