package render

import (
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// patience is how long work may take before a progress bar appears.
const patience = time.Second

// A Progress is a bar on a terminal that appears once work takes longer than
// patience. A nil Progress shows nothing. Its methods may be called by several
// workers at once.
type Progress struct {
	mu    sync.Mutex
	out   io.Writer
	began time.Time
	stage string
	bar   *progressbar.ProgressBar
}

// NewProgress begins to wait.
func NewProgress(out io.Writer) *Progress {
	return &Progress{out: out, began: time.Now()}
}

// Report tells how much of a stage is done.
func (p *Progress) Report(stage string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if stage != p.stage {
		p.finish()
		p.stage = stage
	}
	if p.bar == nil {
		if time.Since(p.began) < patience || total == 0 {
			return
		}
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out),
			progressbar.OptionSetDescription(stage),
			progressbar.OptionShowCount(),
			progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish())
	}
	if done > int(p.bar.State().CurrentNum) {
		// A bar that cannot be drawn is no reason to stop the work.
		_ = p.bar.Set(done)
	}
}

// Done removes the bar.
func (p *Progress) Done() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
}

func (p *Progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
		_ = p.bar.Clear()
		p.bar = nil
	}
}
