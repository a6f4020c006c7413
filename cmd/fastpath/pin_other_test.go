//go:build !linux

package main

import "errors"

func pin() error { return errors.New("cannot keep processes on one processor of this system") }
