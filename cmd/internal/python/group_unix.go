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
