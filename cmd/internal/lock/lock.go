// Package lock lets one process at a time hold a file or folder.
//
// It knows the system's advisory locks. It must not know what they guard. Its
// invariant: a lock ends with the process that holds it, however that ends.
package lock

import "errors"

// ErrHeld is returned for what another process, or this one, holds already.
var ErrHeld = errors.New("held by another process")
