//go:build unix

package python

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the process in a group of its own, so that what it starts ends
// with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// endGroup ends what the process started and left running.
func endGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		// Mostly there is no one left, and that is the error.
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
