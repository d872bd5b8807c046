package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func sleepAll(peer, workload string, tasks int, patience time.Duration) {
	before := liveMemory()
	watch := start()
	wakeAt := watch.wall.Add(patience)
	var arrived int64
	var all sync.WaitGroup
	all.Add(tasks)
	for i := 0; i < tasks; i++ {
		go func() {
			defer all.Done()
			atomic.AddInt64(&arrived, 1)
			time.Sleep(time.Until(wakeAt))
		}()
	}
	for atomic.LoadInt64(&arrived) < int64(tasks) {
		runtime.Gosched()
	}
	wall, cpu := watch.stop()
	bytes := float64(liveMemory()-before) / float64(tasks)
	if time.Now().After(wakeAt) {
		fmt.Println("woke-early")
		return
	}
	fmt.Printf("%s\t%.1f\n", line(workload+".start", peer, tasks, wall, cpu), bytes)
	waking := start()
	all.Wait()
	_, cpu = waking.stop()
	fmt.Println(line(workload+".wake", peer, tasks, time.Since(wakeAt), cpu))
}

// liveMemory is the live heap and the goroutines' stacks.
func liveMemory() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc + stats.StackInuse
}
