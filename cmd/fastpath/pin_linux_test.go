package main

import (
	"errors"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// pin keeps the processes that this goroutine starts, for the rest of its life, on
// one processor of those the test may use, where they take turns of 10 ms: long
// enough that filling the caches again takes little of it. Before Linux 6.12 the
// system decides on their length.
func pin() error {
	runtime.LockOSThread()
	var may, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &may); err != nil {
		return err
	}
	for cpu := 0; one.Count() == 0; cpu++ {
		if may.IsSet(cpu) {
			one.Set(cpu)
		}
	}
	turns := unix.SchedAttr{Size: unix.SizeofSchedAttr, Runtime: uint64(10 * time.Millisecond)}
	return errors.Join(unix.SchedSetaffinity(0, &one), unix.SchedSetAttr(0, &turns, 0))
}
