//go:build !cgo

package syntax

// The parser is C. Without cgo this one readable message replaces a page of
// linker errors.
var _ = fastpath_needs_a_C_compiler__set_CGO_ENABLED_1_and_install_gcc_or_clang
