// Package discover finds how a project starts: its entry modules, import roots
// and Python version, by its deployment templates, its metadata and its code.
//
// It knows the templates of AWS SAM and of the Serverless Framework, and what
// handlers look like. It must not know the configuration's spelling, nor decide
// anything: it proposes, with a reason for each proposal. Its invariant: what it
// proposes exists in the tree.
package discover
